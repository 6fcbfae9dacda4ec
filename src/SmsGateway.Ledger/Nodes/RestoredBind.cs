namespace SmsGateway.Ledger;

/// <summary>
/// The name under which a quarantine after a restore puts attempts in doubt: <c>restore@NODE#0</c>. Whether the carrier has such a message nobody
/// knows but the carrier: no policy sends it again, an operator decides.
/// </summary>
public static class RestoredBind
{
    /// <summary>How the names begin.</summary>
    public const string Prefix = "restore@";

    /// <summary>Whether an attempt on a bind of this name is in doubt because of a restore.</summary>
    public static bool Is(string bind)
    {
        ArgumentNullException.ThrowIfNull(bind);
        return bind.StartsWith(Prefix, StringComparison.Ordinal);
    }
}
