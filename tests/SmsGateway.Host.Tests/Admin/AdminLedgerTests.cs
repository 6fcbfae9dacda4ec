using Microsoft.Extensions.DependencyInjection;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Admin;

/// <summary>What the admin interface reads from a real ledger.</summary>
public sealed class AdminLedgerTests : IAsyncLifetime
{
    private const string Bind = "carrier-a@smsc1.dc3#1";
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync(await AdminBench.MigratedAsync());
        await Service<NodeLedger>().RegisterAsync("1.2.3", CancellationToken.None);
        _bench.Services.GetRequiredService<Readiness>().MarkStarted();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_message_is_found_by_both_ids_and_its_number_is_masked_but_for_an_admin()
    {
        var entry = await ClaimAsync("order-1");
        var id = new MessageId(entry.Id).ToString();

        var (status, message) = await _bench.GetAsync("/admin/v1/messages/" + id);
        Assert.Equal(200, status);
        Assert.Equal(id, message.GetProperty("id").GetString());
        Assert.Equal("accepted", message.GetProperty("state").GetString());
        Assert.Equal("order-1", message.GetProperty("message_id").GetString());
        Assert.Equal("http", message.GetProperty("protocol").GetString());
        Assert.Equal("INTERACTIVE", message.GetProperty("priority").GetString());
        Assert.Equal("********0123", message.GetProperty("destination").GetString());
        Assert.False(message.TryGetProperty("carrier_asked", out _));
        Assert.DoesNotContain("secret text", message.GetRawText(), StringComparison.Ordinal);

        var (_, whole) = await _bench.GetAsync("/admin/v1/messages?account=demo&message_id=order-1", AdminBench.AdminKey);
        Assert.Equal(id, whole.GetProperty("id").GetString());
        Assert.Equal("447700900123", whole.GetProperty("destination").GetString());

        Assert.Equal(404, (await _bench.GetAsync("/admin/v1/messages?account=demo&message_id=order-2")).Status);
        Assert.Equal(404, (await _bench.GetAsync("/admin/v1/messages/maaaaaaaaaaaaaaaaaaaaaaaaaa")).Status);
    }

    [Fact]
    public async Task The_trace_tells_attempts_receipts_and_deliveries()
    {
        var entry = await ClaimAsync("order-3", new FirstAttempt("carrier-a", Bind));
        var now = TimeProvider.System.GetUtcNow();
        await Service<OutcomeLedger>().RecordAsync(
            new AttemptOutcome
            {
                Key = new AttemptKey(new SegmentKey(entry.Id, entry.Day, 1), 1),
                Kind = AttemptEndKind.Refused,
                Connector = "carrier-a",
                Bind = Bind,
                AttemptedAt = now,
                EndedAt = now,
                CommandStatus = 0x0B,
                Final = new FinalRefusal(ReceiptState.Rejected, 1, "InvalidDestinationAddress"),
            },
            CancellationToken.None);

        var (_, message) = await _bench.GetAsync("/admin/v1/messages/" + new MessageId(entry.Id));
        Assert.Equal("rejected", message.GetProperty("state").GetString());
        var attempt = Assert.Single(message.GetProperty("attempts").EnumerateArray());
        Assert.Equal("refused", attempt.GetProperty("end").GetString());
        Assert.Equal("0x0000000B", attempt.GetProperty("command_status").GetString());
        Assert.Equal(Bind, attempt.GetProperty("bind").GetString());
        var receipt = Assert.Single(message.GetProperty("receipts").EnumerateArray());
        Assert.Equal("rejected", receipt.GetProperty("state").GetString());
        Assert.True(receipt.GetProperty("from_gateway").GetBoolean());
        Assert.Equal("receipt", Assert.Single(message.GetProperty("deliveries").EnumerateArray()).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Doubts_are_attempts_whose_bind_or_epoch_is_gone_and_come_in_pages()
    {
        var directory = Service<BindDirectory>();
        var bind = directory.Add(new BindListing
        {
            Name = Bind,
            Side = BindSide.Carrier,
            Party = "carrier-a",
            Type = "TRX",
            Remote = "",
            Since = default,
            Window = 10,
            Outstanding = () => 0,
            IncomingOutstanding = () => 0,
        });
        var entries = new List<NewEntry>();
        for (var i = 0; i < 5; i++)
        {
            entries.Add(await ClaimAsync($"doubt-{i}", new FirstAttempt("carrier-a", Bind)));
        }

        Assert.Equal(0, (await _bench.GetAsync("/admin/v1/doubts")).Body.GetProperty("total").GetInt32());

        bind.Dispose();
        var (_, gone) = await _bench.GetAsync("/admin/v1/doubts?limit=2&offset=1");
        Assert.Equal(5, gone.GetProperty("total").GetInt32());
        Assert.False(gone.GetProperty("total_is_lower_bound").GetBoolean());
        Assert.Equal(2, gone.GetProperty("items").GetArrayLength());
        Assert.Equal(1, gone.GetProperty("offset").GetInt32());
        var doubt = gone.GetProperty("items")[0];
        Assert.Equal("bind_gone", doubt.GetProperty("cause").GetString());
        Assert.Equal(Bind, doubt.GetProperty("bind").GetString());
        Assert.Equal("********0123", doubt.GetProperty("destination").GetString());
        Assert.True(doubt.GetProperty("age_seconds").GetDouble() >= 0);

        await Service<NodeLedger>().RegisterAsync("1.2.3", CancellationToken.None);
        using var again = directory.Add(new BindListing
        {
            Name = Bind,
            Side = BindSide.Carrier,
            Party = "carrier-a",
            Type = "TRX",
            Remote = "",
            Since = default,
            Window = 10,
            Outstanding = () => 0,
            IncomingOutstanding = () => 0,
        });
        var (_, all) = await _bench.GetAsync("/admin/v1/doubts", AdminBench.AdminKey);
        Assert.Equal(
            entries.Select(entry => new MessageId(entry.Id).ToString()).Order(StringComparer.Ordinal),
            all.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(all.GetProperty("items").EnumerateArray(), item => Assert.Equal("epoch_gone", item.GetProperty("cause").GetString()));
        Assert.Equal("447700900123", all.GetProperty("items")[0].GetProperty("destination").GetString());
        Assert.Empty((await _bench.GetAsync("/admin/v1/doubts?limit=1000&offset=1000")).Body.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Parked_items_are_listed_with_their_reason()
    {
        await Service<ReceiptLedger>().ParkRawAsync("carrier-a", [1, 2, 3], "no id in it", CancellationToken.None);
        var (_, parked) = await _bench.GetAsync("/admin/v1/parked");
        var item = Assert.Single(parked.GetProperty("items").EnumerateArray());
        Assert.Equal("receipt_unreadable", item.GetProperty("kind").GetString());
        Assert.Equal("no id in it", item.GetProperty("reason").GetString());
        Assert.Equal(3, item.GetProperty("raw_length").GetInt32());
    }

    [Fact]
    public async Task Nodes_are_listed_with_the_one_that_answers_marked()
    {
        var (_, nodes) = await _bench.GetAsync("/admin/v1/nodes");
        var node = Assert.Single(nodes.EnumerateArray());
        Assert.Equal("smsc1.dc3", node.GetProperty("name").GetString());
        Assert.Equal("dc3", node.GetProperty("site").GetString());
        Assert.Equal("1.2.3", node.GetProperty("version").GetString());
        Assert.Equal(1, node.GetProperty("epoch").GetInt32());
        Assert.True(node.GetProperty("is_this_node").GetBoolean());
        Assert.True(node.GetProperty("live").GetBoolean());
        Assert.Equal("renewing", node.GetProperty("state").GetString());
        Assert.False(node.GetProperty("drained").GetBoolean());
    }

    [Fact]
    public async Task Group_commits_show_on_the_metrics_page()
    {
        await ClaimAsync("counted");
        var page = await _bench.Admin.GetStringAsync("/metrics");
        Assert.Contains("smsgateway_group_commit_size_count{group=\"claims\"}", page, StringComparison.Ordinal);
        Assert.Contains("smsgateway_group_commit_duration_seconds_bucket{group=\"claims\",le=\"+Inf\"}", page, StringComparison.Ordinal);
    }

    private async Task<NewEntry> ClaimAsync(string clientMessageId, FirstAttempt? first = null)
    {
        var keys = await Service<NodeLedger>().ReadKeysAsync(CancellationToken.None);
        var now = TimeProvider.System.GetUtcNow();
        var entry = new NewEntry
        {
            Id = keys.ForClientMessageId("demo", clientMessageId),
            Keyed = true,
            ContentHash = Guid.NewGuid(),
            Account = "demo",
            Protocol = Protocol.Http,
            ClientMessageId = clientMessageId,
            Sender = "12345",
            Destination = "447700900123",
            Route = ["carrier-a"],
            Priority = Priority.Interactive,
            Registered = RegisteredReceipts.All,
            DataCoding = 0,
            Payloads = [[.. "secret text"u8]],
            AcceptedAt = now,
            ValidUntil = now.AddDays(1),
            FirstAttempt = first,
        };
        Assert.Equal(VerdictKind.Claimed, (await Service<ClaimLedger>().ClaimAsync(entry, CancellationToken.None)).Kind);
        return entry;
    }

    private T Service<T>()
        where T : notnull => _bench.Services.GetRequiredService<T>();
}
