using SmsGateway.Host.Flow;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Tests.Esme;

public sealed class StopTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    [Trait("row", "stop")]
    public async Task A_stop_answers_what_was_read_waits_for_what_was_offered_and_unbinds()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();
        var verdict = new TaskCompletionSource<AcceptanceResult>();
        bench.Answer = _ => new ValueTask<AcceptanceResult>(verdict.Task);
        await client.SendAsync(EsmeBench.Message());
        await bench.SubmissionAsync();
        bench.Deliver(Deliveries.Receipt());
        var offered = await client.ReceiveAsync<DeliverSm>();

        await bench.Server.StopAcceptingAsync();
        Assert.False(bench.Lane().Open);
        bench.Deliver(Deliveries.Receipt());
        Assert.False(await bench.Server.DrainAsync(TimeSpan.Zero));
        var draining = bench.Server.DrainAsync(Long);

        verdict.SetResult(EsmeBench.Accepted());
        Assert.Equal(CommandStatus.Ok, (await client.ReceiveAsync<SubmitSmResp>()).Status);
        Assert.False(draining.IsCompleted);
        await client.SendAsync(new DeliverSmResp(), offered.Sequence);
        Assert.True(await draining);
        Assert.Equal("acknowledged", (await bench.EventAsync()).What);

        var unbinding = bench.Server.UnbindAllAsync(Long);
        var unbind = await client.ReceiveAsync<Unbind>(); // the second receipt was not begun
        await client.SendAsync(new UnbindResp(), unbind.Sequence);
        await client.ReceiveEndAsync();
        Assert.True(await unbinding);
        Assert.Empty(bench.Binds.All);
    }

    [Fact]
    [Trait("row", "stop")]
    public async Task A_client_that_does_not_answer_the_unbind_is_closed_when_the_time_is_over()
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

    [Fact]
    [Trait("row", "stop")]
    public async Task Submits_on_a_stopping_node_may_be_tried_again()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();

        await bench.Server.StopAcceptingAsync();

        Assert.Equal(ProfileTable.Status("draining"), (await client.SubmitAsync(EsmeBench.Message())).Status);
    }
}
