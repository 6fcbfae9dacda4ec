namespace SmsGateway.Ledger;

/// <summary>
/// One try to commit a list of items. The commit fills in an answer per item; an item left without one is a defect and
/// fails alone. Answers count only when the commit returns without an exception.
/// </summary>
public sealed class CommitBatch<TItem, TResult>
{
    private readonly ArraySegment<Ticket<TItem, TResult>> _tickets;
    private readonly TResult[] _results;
    private readonly bool[] _answered;

    internal CommitBatch(ArraySegment<Ticket<TItem, TResult>> tickets, int tries)
    {
        _tickets = tickets;
        _results = new TResult[tickets.Count];
        _answered = new bool[tickets.Count];
        EarlierTries = tries;
    }

    /// <summary>Items in it.</summary>
    public int Count => _tickets.Count;

    /// <summary>Earlier tries of these items whose fate is unknown.</summary>
    public int EarlierTries { get; }

    /// <summary>One of its items.</summary>
    public TItem this[int index] => _tickets[index].Item;

    /// <summary>Sets the answer to one item.</summary>
    public void Answer(int index, TResult result)
    {
        _results[index] = result;
        _answered[index] = true;
    }

    internal bool TryGet(int index, out TResult result)
    {
        result = _results[index];
        return _answered[index];
    }
}
