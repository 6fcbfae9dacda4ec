namespace SmsGateway.Load.Check;

/// <summary>The least, the most and the mean of whole seconds.</summary>
internal readonly record struct SecondRange(int Seconds, int Min, int Max, double Mean);

// Submits per second at one carrier, refused ones too: its rate contract counts them.
internal sealed class SecondTally
{
    private readonly Dictionary<long, int> _counts = [];
    private long _first = long.MaxValue;
    private long _last = long.MinValue;

    /// <summary>First and last second with a submit, since 1970.</summary>
    public (long First, long Last) Span => (_first, _last);

    public void Add(long unixMicros)
    {
        long second = Math.DivRem(unixMicros, 1_000_000).Quotient;
        _counts[second] = _counts.GetValueOrDefault(second) + 1;
        _first = Math.Min(_first, second);
        _last = Math.Max(_last, second);
    }

    /// <summary>Submits in that second.</summary>
    public int At(long second) => _counts.GetValueOrDefault(second);

    /// <summary>
    /// The middle of the run: the first and the last second, which are not whole, and a tenth of the others at each end are left out. Seconds without a submit count.
    /// </summary>
    public SecondRange Middle()
    {
        long whole = _last - _first - 1;
        long cut = (whole + 9) / 10;
        if (_counts.Count == 0 || whole - (2 * cut) < 1)
            return default;
        int min = int.MaxValue, max = 0;
        long sum = 0;
        for (long second = _first + 1 + cut; second < _last - cut; second++)
        {
            min = Math.Min(min, At(second));
            max = Math.Max(max, At(second));
            sum += At(second);
        }

        long seconds = whole - (2 * cut);
        return new SecondRange((int)seconds, min, max, (double)sum / seconds);
    }
}
