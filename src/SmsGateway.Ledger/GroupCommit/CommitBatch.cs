namespace SmsGateway.Ledger;

/// <summary>
/// One try to commit a list of items. The commit fills in an answer per item, or says that it goes again; an item left
/// without either is a defect and fails alone. Answers count only when the commit returns without an exception.
/// </summary>
public sealed class CommitBatch<TItem, TResult>
{
    private readonly ArraySegment<Ticket<TItem, TResult>> _tickets;
    private readonly TResult[] _results;
    private readonly bool[] _answered;
    private bool[]? _again;
    private int _more;

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

    /// <summary>An item that could not be decided beside the others of this batch goes into one after it; with all of them nothing would change, so then it fails.</summary>
    public void Again(int index)
    {
        _again ??= new bool[_results.Length];
        _more += _again[index] ? 0 : 1;
        _again[index] = true;
    }

    /// <summary>Some go again, and fewer than there were.</summary>
    internal bool HasMore => _more > 0 && _more < _results.Length;

    internal bool GoesAgain(int index) => _again is not null && _again[index];

    internal bool TryGet(int index, out TResult result)
    {
        result = _results[index];
        return _answered[index];
    }
}
