using SmsGateway.Host.Flow;
using SmsGateway.Smpp.Pdus;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Esme;

public sealed class ConnectionTests
{
    [Fact]
    [Trait("row", "bind-late")]
    public async Task A_connection_without_a_bind_is_closed_after_its_time()
    {
        var time = new ManualTimeProvider();
        await using var bench = await EsmeBench.StartAsync(time: time);
        await using var client = await bench.ConnectAsync();
        await time.TimersAsync(1);

        time.Advance(TimeSpan.FromSeconds(29));
        await client.NothingElseComesAsync();
        time.Advance(TimeSpan.FromSeconds(2));

        await client.ReceiveEndAsync();
    }

    [Fact]
    [Trait("row", "connections")]
    public async Task Connections_over_the_limit_are_closed_at_once()
    {
        await using var bench = await EsmeBench.StartAsync(options: o => o.MaxConnections = 2);
        await using var first = await bench.BoundAsync();
        await using var second = await bench.BoundAsync();
        await bench.RefusedAsync();

        await Eventually.TrueAsync(() => bench.Server.Connections == 2, "the refused connection is not counted");
        await first.NothingElseComesAsync();
        await second.NothingElseComesAsync();
    }

    [Fact]
    [Trait("row", "connections")]
    public async Task Connections_without_a_bind_are_limited_per_address_and_bound_ones_do_not_count()
    {
        await using var bench = await EsmeBench.StartAsync(options: o => o.MaxUnboundPerAddress = 1);
        await using var bound = await bench.BoundAsync();
        await using var idle = await bench.ConnectAsync();
        await idle.NothingElseComesAsync();
        await bench.RefusedAsync();

        await idle.BindAsync(BindType.Transceiver);
        await using var another = await bench.BoundAsync();
        Assert.Equal(3, bench.Binds.All.Count);
    }

    [Fact]
    [Trait("row", "enquire-link")]
    public async Task Enquire_link_is_answered_before_the_bind_and_while_the_window_is_full()
    {
        await using var bench = await EsmeBench.StartAsync(a => a with { Smpp = a.Smpp with { Window = 1 } });
        await using var client = await bench.ConnectAsync();
        await client.SendAsync(new EnquireLink());
        Assert.Equal(ProfileTable.Status("enquire-link"), (await client.ReceiveAsync<EnquireLinkResp>()).Status);

        await client.BindAsync(BindType.Transceiver);
        bench.Answer = _ => new ValueTask<AcceptanceResult>(new TaskCompletionSource<AcceptanceResult>().Task);
        await client.SendAsync(EsmeBench.Message());
        await client.SendAsync(EsmeBench.Message());
        await client.NothingElseComesAsync();
    }

    [Fact]
    [Trait("row", "enquire-silent")]
    public async Task A_silent_client_is_asked_and_then_closed()
    {
        var time = new ManualTimeProvider();
        await using var bench = await EsmeBench.StartAsync(time: time);
        await using var client = await bench.BoundAsync();

        time.Advance(TimeSpan.FromSeconds(31));
        await client.ReceiveAsync<EnquireLink>();
        time.Advance(TimeSpan.FromSeconds(31));

        await client.ReceiveEndAsync();
        await Eventually.TrueAsync(() => bench.Binds.All.Count == 0, "the silent bind is gone");
    }

    [Fact]
    [Trait("row", "unbind")]
    public async Task Unbind_is_answered_after_the_submits_that_came_before_it()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();
        var verdict = new TaskCompletionSource<AcceptanceResult>();
        bench.Answer = _ => new ValueTask<AcceptanceResult>(verdict.Task);

        await client.SendAsync(EsmeBench.Message());
        await client.SendAsync(new Unbind());
        await bench.SubmissionAsync();
        verdict.SetResult(EsmeBench.Accepted());

        Assert.Equal(CommandStatus.Ok, (await client.ReceiveAsync<SubmitSmResp>()).Status);
        Assert.Equal(ProfileTable.Status("unbind"), (await client.ReceiveAsync<UnbindResp>()).Status);
        await client.ReceiveEndAsync();
    }

    [Theory]
    [InlineData("state-open", null)]
    [InlineData("state-receiver", BindType.Receiver)]
    public async Task A_submit_in_the_wrong_state_is_refused_in_its_own_response(string row, BindType? type)
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.ConnectAsync();
        if (type is { } bind)
        {
            await client.BindAsync(bind);
        }

        var response = await client.SubmitAsync(EsmeBench.Message());

        Assert.Equal(ProfileTable.Status(row), response.Status);
        Assert.Null(response.MessageId);
    }

    [Fact]
    [Trait("row", "state-deliver")]
    public async Task A_deliver_sm_from_a_client_is_refused()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();

        await client.SendAsync(new DeliverSm { SourceAddr = "1", DestinationAddr = "2" });

        Assert.Equal(ProfileTable.Status("state-deliver"), (await client.ReceiveAsync<DeliverSmResp>()).Status);
    }

    [Theory]
    [InlineData("unsupported", CommandId.QuerySm)]
    [InlineData("unsupported", CommandId.CancelSm)]
    [InlineData("unsupported", CommandId.ReplaceSm)]
    [InlineData("unsupported", CommandId.SubmitMulti)]
    [InlineData("unsupported", CommandId.DataSm)]
    [InlineData("unknown-command", (CommandId)0x00000777)]
    public async Task What_is_not_supported_is_nacked_under_its_number_and_the_next_one_is_read(string row, CommandId command)
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();

        await client.SendHexAsync($"00000013 {(uint)command:X8} 00000000 00001234 414200");

        var nack = await client.ReceiveAsync<GenericNack>();
        Assert.Equal((ProfileTable.Status(row), 0x1234u), (nack.Status, nack.Sequence));
        await client.NothingElseComesAsync();
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("0000000F")]
    [InlineData("000101D1")]
    [InlineData("80000000")]
    [InlineData("FFFFFFFF")]
    [Trait("row", "bad-length")]
    public async Task A_length_that_cannot_be_is_nacked_and_the_connection_closed(string length)
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();

        await client.SendHexAsync($"{length} 00000004 00000000 00000007");

        Assert.Equal(ProfileTable.Status("bad-length"), (await client.ReceiveAsync<GenericNack>()).Status);
        await client.ReceiveEndAsync();
    }

    [Theory]
    [InlineData("HTTP", "474554202F20485454502F312E310D0A")]
    [InlineData("TLS", "160301020001000001FC0303")]
    [InlineData("RDP", "0300002F2AE00000000000436F6F6B69")]
    [Trait("row", "not-smpp")]
    public async Task What_is_not_smpp_is_closed_with_one_line_that_names_it(string protocol, string octets)
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.ConnectAsync();

        await client.SendHexAsync(octets);

        await client.ReceiveEndAsync();
        await Eventually.TrueAsync(() => bench.Log.All.Any(line => line.Contains(protocol, StringComparison.Ordinal)), $"a line names {protocol}");
    }

    [Theory]
    [InlineData("body-cut", "00000012 00000004 00000000 00000009 0000")]
    [InlineData("body-sm-length", "00000024 00000004 00000000 00000009 00 0000 3100 0000 3200 000000 00 00 00000000 05 41")]
    [InlineData("body-tlv", "00000027 00000004 00000000 00000009 00 0000 3100 0000 3200 000000 00 00 00000000 00 02040004")]
    public async Task An_unreadable_body_is_answered_and_the_next_pdu_is_read(string row, string octets)
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();

        await client.SendHexAsync(octets);

        var response = await client.ReceiveAsync<SubmitSmResp>();
        Assert.Equal((ProfileTable.Status(row), 9u), (response.Status, response.Sequence));
        Assert.Equal(CommandStatus.Ok, (await client.SubmitAsync(EsmeBench.Message())).Status);
    }
}
