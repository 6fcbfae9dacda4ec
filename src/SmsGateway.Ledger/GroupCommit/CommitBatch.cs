namespace SmsGateway.Ledger;

// One try to commit a list of items. The commit fills in an answer per item; an item left without one is a defect and
// fails alone. Answers count only when the commit returns without an exception.
internal sealed class CommitBatch<TItem, TResult>(ArraySegment<Ticket<TItem, TResult>> tickets, int tries)
{
    private readonly TResult[] _results = new TResult[tickets.Count];
    private readonly bool[] _answered = new bool[tickets.Count];

    public int Count => tickets.Count;

    /// <summary>Earlier tries of these items whose fate is unknown.</summary>
    public int EarlierTries => tries;

    public TItem this[int index] => tickets[index].Item;

    public void Answer(int index, TResult result)
    {
        _results[index] = result;
        _answered[index] = true;
    }

    public bool TryGet(int index, out TResult result)
    {
        result = _results[index];
        return _answered[index];
    }
}
