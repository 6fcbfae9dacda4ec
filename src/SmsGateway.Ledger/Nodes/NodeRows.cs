using Npgsql;

namespace SmsGateway.Ledger;

// Rows of the directory, in the order that LedgerSql.NodeDirectory names its columns.
internal static class NodeRows
{
    public static async Task<(IReadOnlyList<NodeStanding> Nodes, long? LatestConfiguration)> ReadAsync(NpgsqlDataReader reader)
    {
        var nodes = new List<NodeStanding>();
        long? latest = null;
        while (await reader.ReadAsync())
        {
            nodes.Add(new NodeStanding
            {
                Id = reader.GetInt16(0),
                Name = reader.GetString(1),
                Site = reader.GetString(2),
                // A mode that a later version knows is one this version must not emit in.
                Mode = NodeModes.Parse(reader.GetString(3)) ?? NodeMode.Down,
                SiteMode = NodeModes.Parse(reader.GetString(4)) ?? NodeMode.Down,
                Live = reader.GetBoolean(5),
                Epoch = reader.GetInt64(6),
                Counter = reader.GetInt64(7),
                Version = reader.IsDBNull(8) ? null : reader.GetString(8),
                ConfigurationVersion = reader.IsDBNull(9) ? null : reader.GetInt64(9),
                ConfigurationHash = reader.IsDBNull(10) ? null : reader.GetString(10),
                Reach = NodeReach.FromJson(reader.IsDBNull(11) ? null : reader.GetString(11)),
                StartedAt = reader.GetDateTime(12),
                RenewedAt = reader.IsDBNull(13) ? null : reader.GetDateTime(13),
                Held = reader.GetInt64(15),
            });
            latest = reader.IsDBNull(14) ? null : reader.GetInt64(14);
        }

        return (nodes, latest);
    }
}
