namespace SmsGateway.TestKit;

/// <summary>How a throw-away cluster runs.</summary>
public sealed record PostgresOptions
{
    /// <summary>The default: no fsync. WAL, senders and synchronous_commit stay as in production, so replication waits behave the same.</summary>
    public static readonly PostgresOptions Quick = new();

    /// <summary>fsync and autovacuum on, for tests whose subject is a crash.</summary>
    public static readonly PostgresOptions Durable = new() { IsDurable = true };

    /// <summary>Durable, and every segment of WAL is archived: for <see cref="PostgresCluster.BackUpAsync"/> and <see cref="PostgresCluster.RestoreAsync"/>.</summary>
    public static readonly PostgresOptions Archived = Durable with
    {
        Settings = new Dictionary<string, string>
        {
            ["archive_mode"] = "on",
            ["archive_command"] = "mkdir -p ../archive && cp %p ../archive/%f", // from the data directory
        },
    };

    public bool IsDurable { get; init; }

    /// <summary>More settings for the server's command line, such as <c>max_connections</c>; they win over the kit's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    internal IEnumerable<string> ToArguments()
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["listen_addresses"] = "127.0.0.1",
            ["unix_socket_directories"] = "",
            ["max_connections"] = "200",
            ["timezone"] = "UTC",
        };
        if (!IsDurable)
        {
            all["fsync"] = "off";
            all["full_page_writes"] = "off";
            all["autovacuum"] = "off";
        }
        foreach (var (name, value) in Settings)
            all[name] = value;
        return all.SelectMany(s => (string[])["-c", $"{s.Key}={s.Value}"]);
    }
}
