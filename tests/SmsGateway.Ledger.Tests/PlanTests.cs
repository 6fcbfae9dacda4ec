using System.Text.Json;
using Npgsql;

namespace SmsGateway.Ledger.Tests;

// Plans are made once, often when tables are empty, and must hold when they are full: no table that grows is ever read
// as a whole, whatever the statistics say.
public sealed class PlanTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    private static readonly string[] Small = ["key_generation", "node"];

    public static TheoryData<string> HotStatements() =>
    [
        nameof(LedgerSql.ClaimKeys), nameof(LedgerSql.ClaimEntries), nameof(LedgerSql.ClaimDuplicates), nameof(LedgerSql.ClaimStanding),
        nameof(LedgerSql.Attempt), nameof(LedgerSql.AttemptStanding), nameof(LedgerSql.EndAttempts), nameof(LedgerSql.RefusalReceipts),
        nameof(LedgerSql.KeepEvidence), nameof(LedgerSql.ParkedReceiptsFor), nameof(LedgerSql.FetchQueue), nameof(LedgerSql.QueueLanes),
        nameof(LedgerSql.AdoptQueue), nameof(LedgerSql.AdoptOutbox), nameof(LedgerSql.ExpireQueue), nameof(LedgerSql.ParkSegment),
        nameof(LedgerSql.RecordReceipts), nameof(LedgerSql.JoinParked), nameof(LedgerSql.ParkedWithCandidate), nameof(LedgerSql.GiveUpParked),
        nameof(LedgerSql.LockParents), nameof(LedgerSql.Derive), nameof(LedgerSql.StoreMos), nameof(LedgerSql.AccountsDue),
        nameof(LedgerSql.FetchOutbox), nameof(LedgerSql.OutboxPageStart), nameof(LedgerSql.FetchOutboxPage),
        nameof(LedgerSql.EndDeliveries), nameof(LedgerSql.RetryDeliveries), nameof(LedgerSql.ParkDelivery),
        nameof(LedgerSql.HandOverQueue), nameof(LedgerSql.HandOverOutbox), nameof(LedgerSql.RenewLease), nameof(LedgerSql.LockSeenNode),
        nameof(LedgerSql.TakeOverNode), nameof(LedgerSql.ReleaseBindSlot),
        nameof(LedgerSql.ResendDoubts), nameof(LedgerSql.ConfirmDoubts), nameof(LedgerSql.GiveUpDoubts), nameof(LedgerSql.NameDoubts),
        nameof(LedgerSql.ForgetDoubts), nameof(LedgerSql.LastParkedReceipt),
        nameof(LedgerSql.ClaimMoFirsts), nameof(LedgerSql.ProveMoFirsts), nameof(LedgerSql.ProveMoSuspects), nameof(LedgerSql.DecideMos),
        nameof(LedgerSql.ForgetMoFirsts), nameof(LedgerSql.ClaimContents), nameof(LedgerSql.ContentDuplicates), nameof(LedgerSql.ForgetContents),
    ];

    [Theory]
    [MemberData(nameof(HotStatements))]
    public async Task A_plan_made_on_empty_tables_reads_no_table_as_a_whole(string name)
    {
        var sql = (string)typeof(LedgerSql).GetField(name)!.GetRawConstantValue()!;
        await fixture.Ledger.ExecuteAsync("VACUUM ANALYZE");
        await using var connection = await fixture.Ledger.Connections.Hot.OpenConnectionAsync();
        await RunAsync(connection, "PREPARE planned AS " + sql);
        var parameters = Convert.ToInt32(await RunAsync(connection, "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = 'planned'"));
        var plan = (string)(await RunAsync(connection, $"EXPLAIN (FORMAT JSON) EXECUTE planned({string.Join(',', Enumerable.Repeat("NULL", parameters))})"))!;
        await RunAsync(connection, "DEALLOCATE planned");
        using var json = JsonDocument.Parse(plan);
        var bad = new List<string>();
        Walk(json.RootElement[0].GetProperty("Plan"), bad);
        Assert.True(bad.Count == 0, string.Join('\n', bad) + "\n" + plan);
    }

    private static async Task<object?> RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static void Walk(JsonElement node, List<string> bad)
    {
        var type = node.GetProperty("Node Type").GetString()!;
        var relation = node.TryGetProperty("Relation Name", out var named) ? named.GetString()! : "";
        // A semi-join turned round reads all that the other side could mean.
        if (node.TryGetProperty("Join Type", out var join) && join.GetString() is "Semi" or "Anti")
        {
            bad.Add($"{type} {join.GetString()}");
        }

        if (type is "Hash Join" or "Merge Join" or "Bitmap Heap Scan" || (type == "Seq Scan" && !Small.Contains(relation)))
        {
            bad.Add($"{type} {relation}");
        }

        if (type is "Index Scan" or "Index Only Scan" && !node.TryGetProperty("Index Cond", out _)
            && !(node.TryGetProperty("Index Name", out var index) && index.GetString() is "underived_pkey"))
        {
            bad.Add($"{type} of all {relation}");
        }

        if (node.TryGetProperty("Plans", out var plans))
        {
            foreach (var child in plans.EnumerateArray())
            {
                Walk(child, bad);
            }
        }
    }
}
