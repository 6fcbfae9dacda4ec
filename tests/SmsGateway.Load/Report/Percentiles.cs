namespace SmsGateway.Load.Report;

/// <summary>Percentiles of a set of durations in microseconds (nearest rank).</summary>
internal sealed record Percentiles(int Count, double P50Ms, double P90Ms, double P99Ms, double P999Ms, double MaxMs)
{
    /// <param name="microseconds">Sorted in place; zeros stand for "none" and are left out.</param>
    public static Percentiles Of(Span<int> microseconds)
    {
        microseconds.Sort();
        int none = 0;
        while (none < microseconds.Length && microseconds[none] == 0)
            none++;
        Span<int> sorted = microseconds[none..];
        return new Percentiles(sorted.Length, At(sorted, 0.5), At(sorted, 0.9), At(sorted, 0.99), At(sorted, 0.999), At(sorted, 1));
    }

    private static double At(Span<int> sorted, double share)
        => sorted.IsEmpty ? 0 : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)] / 1000.0;
}
