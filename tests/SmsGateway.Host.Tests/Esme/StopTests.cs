using SmsGateway.Host.Flow;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Tests.Esme;

public sealed class StopTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    [Trait("row", "stop")]
    public async Task A_client_that_is_asked_to_go_acknowledges_and_is_answered_before_and_after_the_unbind()
    {
        await using var bench = await EsmeBench.StartAsync(options: o => o.UnbindTimeout = 2 * Long);
        await using var client = await bench.BoundAsync();
        var verdict = new TaskCompletionSource<AcceptanceResult>();
        bench.Deliver(Deliveries.Receipt());
        var offered = await client.ReceiveAsync<DeliverSm>();

        bench.Accept(false);
        Assert.False(bench.Lane().Open);
        bench.Deliver(Deliveries.Receipt());
        Assert.Equal(CommandStatus.Ok, (await client.SubmitAsync(EsmeBench.Message())).Status); // neither the second receipt nor an unbind came before

        await client.SendAsync(new DeliverSmResp(), offered.Sequence);
        var unbind = await client.ReceiveAsync<Unbind>();
        Assert.Equal("acknowledged", (await bench.EventAsync()).What);
        Assert.Equal(CommandStatus.Ok, (await client.SubmitAsync(EsmeBench.Message())).Status);

        bench.Answer = _ => new ValueTask<AcceptanceResult>(verdict.Task);
        var last = await client.SendAsync(EsmeBench.Message());
        await client.SendAsync(new UnbindResp(), unbind.Sequence);
        await client.NothingElseComesAsync(); // the verdict is still owed
        verdict.SetResult(EsmeBench.Accepted());
        var answer = await client.ReceiveAsync<SubmitSmResp>();
        Assert.Equal((last, CommandStatus.Ok), (answer.Sequence, answer.Status));
        await client.ReceiveEndAsync();

        Assert.True(await bench.Server.UnbindAllAsync(Long));
        Assert.Empty(bench.Binds.All);
    }

    [Fact]
    [Trait("row", "stop")]
    public async Task What_a_leaving_client_does_not_acknowledge_goes_to_another_bind()
    {
        await using var bench = await EsmeBench.StartAsync(options: o => o.UnbindTimeout = TimeSpan.FromMilliseconds(200));
        await using var client = await bench.BoundAsync();
        bench.Deliver(Deliveries.Receipt());
        await client.ReceiveAsync<DeliverSm>();

        bench.Accept(false);
        var unbind = await client.ReceiveAsync<Unbind>(); // its time to acknowledge is over
        await client.SendAsync(new UnbindResp(), unbind.Sequence);
        await client.ReceiveEndAsync();

        Assert.Equal("returned", (await bench.EventAsync()).What);
    }

    [Fact]
    [Trait("row", "stop")]
    public async Task A_client_that_vanishes_while_it_should_acknowledge_keeps_nobody_waiting()
    {
        await using var bench = await EsmeBench.StartAsync(options: o => o.UnbindTimeout = TimeSpan.FromMinutes(4));
        var client = await bench.BoundAsync();
        bench.Deliver(Deliveries.Receipt());
        await client.ReceiveAsync<DeliverSm>();

        bench.Accept(false);
        await client.NothingElseComesAsync();
        await client.DisposeAsync();

        Assert.Equal("returned", (await bench.EventAsync()).What);
    }

    [Fact]
    [Trait("row", "draining")]
    public async Task A_client_that_does_not_answer_the_unbind_is_refused_gets_what_it_is_owed_and_is_closed()
    {
        await using var bench = await EsmeBench.StartAsync(options: o => o.UnbindTimeout = TimeSpan.FromMilliseconds(200));
        await using var client = await bench.BoundAsync();
        var verdict = new TaskCompletionSource<AcceptanceResult>();
        bench.Answer = _ => new ValueTask<AcceptanceResult>(verdict.Task);
        var owed = await client.SendAsync(EsmeBench.Message());
        await bench.SubmissionAsync();
        bench.Answer = _ => ValueTask.FromResult(EsmeBench.Accepted());

        bench.Accept(false);
        await client.ReceiveAsync<Unbind>();
        SubmitSmResp refused;
        do
        {
            refused = await client.SubmitAsync(EsmeBench.Message()); // taken until its time is up
        }
        while (refused.Status == CommandStatus.Ok);

        Assert.Equal(ProfileTable.Status("draining"), refused.Status);
        verdict.SetResult(EsmeBench.Accepted());
        var answer = await client.ReceiveAsync<SubmitSmResp>();
        Assert.Equal((owed, CommandStatus.Ok), (answer.Sequence, answer.Status));
        await client.ReceiveEndAsync();
    }

    [Fact]
    [Trait("row", "stop")]
    public async Task Who_is_still_there_when_the_stop_has_no_time_left_is_closed()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();
        await using var idle = await bench.ConnectAsync();
        await idle.NothingElseComesAsync();

        Assert.True(await bench.Server.UnbindAllAsync(TimeSpan.FromMilliseconds(50)));

        await client.ReceiveAsync<Unbind>();
        await client.ReceiveEndAsync();
        await idle.ReceiveEndAsync();
    }
}
