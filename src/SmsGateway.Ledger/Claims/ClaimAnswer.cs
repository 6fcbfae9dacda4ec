namespace SmsGateway.Ledger;

// What the ledger said to one claim transaction: a fresh object per try, because a try that was abandoned may still read.
internal sealed class ClaimAnswer(int heads)
{
    /// <summary>Per head: the key is ours.</summary>
    public bool[] Won { get; } = new bool[heads];

    /// <summary>Per head: its rows stand under this epoch.</summary>
    public bool[] MayEmit { get; } = new bool[heads];

    /// <summary>Keys that are held by somebody else, with what they hold.</summary>
    public Dictionary<Guid, (Guid Content, short Parts)> Held { get; } = [];

    /// <summary>Entries whose content somebody else sent before, with that one.</summary>
    public Dictionary<Guid, (Guid Id, short Parts)> Repeats { get; } = [];
}
