namespace SmsGateway.Host.Flow;

// Keeps two nodes, each of which believes for a moment that the other one can emit something, from playing ping-pong: a pump that has handed on what it
// found of a lane leaves that lane alone for a while, so a row changes hands here at most once per rest, and by then every node has
// told twice whom it reaches. What was claimed here just now is handed over without a rest: nobody has handed it to us. One thread at a time.
internal sealed class HandOverRest(TimeSpan rest, TimeProvider time)
{
    /// <summary>Rows of one lane between two rests; a large backlog leaves in portions.</summary>
    private const int MostBetween = 25_000;

    private readonly Dictionary<string, (int Given, long? Since)> _lanes = new(StringComparer.Ordinal);

    public bool IsResting(string lane) => _lanes.TryGetValue(lane, out var state) && state.Since is { } since && time.GetElapsedTime(since) < rest;

    /// <summary>Hands rows of a lane on, unless it rests. A node that is not hot hands on at once: nobody hands it anything.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="leaving">The rows.</param>
    /// <param name="wasAll">The ledger had no more of them.</param>
    /// <param name="isHot">Whether the lane's rest counts.</param>
    /// <param name="give">Hands over; answers how many rows changed hands.</param>
    public async Task<int> HandOnAsync<T>(string lane, IReadOnlyList<T> leaving, bool wasAll, bool isHot, Func<IReadOnlyList<T>, Task<int>> give)
    {
        if (leaving.Count == 0 || (isHot && IsResting(lane)))
        {
            return 0;
        }

        var given = await give(leaving).ConfigureAwait(false);
        Given(lane, given, wasAll);
        return given;
    }

    /// <summary>Counts what was handed on, and begins a rest when that was all or much.</summary>
    public void Given(string lane, int rows, bool wasAll)
    {
        var before = _lanes.TryGetValue(lane, out var state) && state.Since is null ? state.Given : 0;
        _lanes[lane] = wasAll || rows == 0 || before + rows >= MostBetween ? (0, time.GetTimestamp()) : (before + rows, null);
    }
}
