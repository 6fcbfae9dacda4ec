using Npgsql;

namespace SmsGateway.Ledger;

// What a connection string with several hosts means here: one ledger on several servers. Which of them is the primary is PrimarySearch's business, so
// the driver's settings for that (Target Session Attributes, Load Balance Hosts, Host Recheck Seconds) are accepted and not used.
internal static class LedgerHosts
{
    /// <summary>One connection string for each host.</summary>
    public static IEnumerable<NpgsqlConnectionStringBuilder> Each(string connectionString)
    {
        var all = new NpgsqlConnectionStringBuilder(connectionString);
        foreach (var key in (string[])["Target Session Attributes", "Load Balance Hosts", "Host Recheck Seconds"])
        {
            all.Remove(key);
        }

        foreach (var host in (all.Host ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            yield return new NpgsqlConnectionStringBuilder(all.ConnectionString) { Host = host };
        }
    }

    /// <summary>For one connection at a time (migrations): the driver's own search is good enough, if it is told to look for the primary.</summary>
    public static NpgsqlConnectionStringBuilder PrimaryOf(string connectionString)
    {
        var text = new NpgsqlConnectionStringBuilder(connectionString);
        if (text.Host?.Contains(',', StringComparison.Ordinal) == true)
        {
            text.TargetSessionAttributes = "primary";
        }
        else
        {
            text.Remove("Target Session Attributes");
        }

        return text;
    }
}
