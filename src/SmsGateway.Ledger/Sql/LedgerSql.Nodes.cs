namespace SmsGateway.Ledger;

// Nodes and their epochs.
internal static partial class LedgerSql
{
    /// <summary>Makes the node's row once. $1 name, $2 site, $3 now.</summary>
    public const string AddNode = """
        INSERT INTO node (name, site, mode, epoch, counter, started_at) VALUES ($1::text, $2::text, 'hot', 0, 0, $3::timestamptz)
        ON CONFLICT (name) DO NOTHING
        """;

    /// <summary>Waits for every transaction that holds the present epoch. Not RETURNING: the next statement must see what they left. $1 name.</summary>
    public const string LockNode = "SELECT FROM node WHERE name = $1::text FOR UPDATE";

    /// <summary>Takes the next epoch. $1 name, $2 site, $3 version, $4 now.</summary>
    public const string RaiseEpoch = """
        UPDATE node SET epoch = epoch + 1, counter = 0, site = $2::text, mode = 'hot', version = $3::text, started_at = $4::timestamptz
        WHERE name = $1::text
        RETURNING id, epoch
        """;

    /// <summary>What health asks.</summary>
    public const string Condition = """
        SELECT pg_is_in_recovery(), current_setting('fsync'), current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),
            clock_timestamp()
        """;
}
