namespace SmsGateway.TestKit;

/// <summary>Waits for a condition with a bounded deadline that fails loudly. For states that no event announces; await the event where there is one.</summary>
public static class Eventually
{
    /// <summary>Long enough for a slow two-core machine under load; a passing test never waits it out.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns once <paramref name="condition"/> holds.</summary>
    /// <exception cref="TimeoutException">It did not in time; the message is <paramref name="what"/>, said as the expected state.</exception>
    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? timeout = null, CancellationToken cancellation = default) =>
        TrueAsync(() => Task.FromResult(condition()), what, timeout, cancellation);

    /// <inheritdoc cref="TrueAsync(Func{bool}, string, TimeSpan?, CancellationToken)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        using var timer = new PeriodicTimer(Pause);
        var limit = timeout ?? DefaultTimeout;
        var deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (!await condition())
        {
            if (Environment.TickCount64 >= deadline)
                throw new TimeoutException($"Not within {limit.TotalSeconds:0.#} s: {what}");
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>Returns the first value of <paramref name="read"/> that is not null and satisfies <paramref name="accept"/>.</summary>
    /// <exception cref="TimeoutException">None did in time; the message tells the last value seen.</exception>
    public static async Task<T> ValueAsync<T>(
        Func<Task<T?>> read, Func<T, bool> accept, string what, TimeSpan? timeout = null, CancellationToken cancellation = default)
        where T : class
    {
        T? last = null;
        try
        {
            await TrueAsync(async () => (last = await read()) is not null && accept(last), what, timeout, cancellation);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; last seen: {last?.ToString() ?? "nothing"}", e);
        }
        return last!;
    }
}
