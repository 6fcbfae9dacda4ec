using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SmsGateway.Load.Http;
using SmsGateway.Load.Journal;
using SmsGateway.Load.Run;
using SmsGateway.Load.Smpp;
using SmsGateway.Simulator;
using SmsGateway.Simulator.Behaviour;
using SmsGateway.Simulator.Carrier;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Simulation;

// Whole runs of the load tool straight against the simulator: a carrier that does not deduplicate must be found out.
public sealed class LoadRunTests
{
    [Fact]
    public async Task A_run_against_a_well_behaved_carrier_passes()
    {
        Assert.Equal(0, await RunAsync(new CarrierBehaviour(), TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_run_whose_answers_are_lost_is_resent_and_its_duplicates_are_found()
    {
        Assert.Equal(1, await RunAsync(new CarrierBehaviour { LoseAnswerRatio = 0.01 }, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Throttled_submits_and_repeated_receipts_are_neither_lost_nor_duplicated()
    {
        var behaviour = new CarrierBehaviour { ThrottleRatio = 0.05, Receipts = new ReceiptBehaviour { RepeatCount = 1, Before = ["ENROUTE"], Tlvs = false } };
        Assert.Equal(0, await RunAsync(behaviour, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_carrier_that_unbinds_gets_its_answers_awaited_and_nothing_is_sent_twice()
    {
        // It does not deduplicate: what would be sent again for want of an awaited answer would be found as a duplicate.
        await using var carrier = new CarrierSimulator(
            new CarrierOptions { Name = "carrier-t", JournalCapacity = 10_000 }, new CarrierBehaviour { AnswerDelayMs = new DelayRange(150, 200) });
        await carrier.StartAsync();
        SmppLoadOptions options = Options(carrier, TimeSpan.FromSeconds(30)) with { RebindAfter = TimeSpan.FromMilliseconds(100) };
        var marker = Marker.New(TimeProvider.System);
        await using var load = new SmppLoadRun(options, marker, Frame(carrier).Capacity, TimeProvider.System);
        Task<int> run = new LoadFrame(Frame(carrier), load, marker, TimeProvider.System).RunAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => load.Messages.Accepted > 200, "the run is under way");

        using var http = new HttpClient();
        using HttpResponseMessage disconnected = await http.PostAsync(new Uri(carrier.Control, "/disconnect"), new StringContent("""{"how":"unbind"}"""));

        Assert.True(disconnected.IsSuccessStatusCode);
        Assert.Equal(0, await run);
        Assert.Equal((2000, 0L), (load.Messages.Accepted, load.Messages.Resent));
        Assert.Contains("bind ended: PeerUnbound (2)", load.Conditions().Single(c => c.Name == "met").Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_with_a_length_and_in_chunks_are_both_read()
    {
        WebApplicationBuilder builder = SimulatorHost.CreateBuilder(log: false);
        ListenOptions? listening = null;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listening = listen));
        await using WebApplication app = builder.Build();
        int calls = 0;
        app.Run(async context =>
        {
            byte[] body = System.Text.Encoding.ASCII.GetBytes($$"""{"message_id":"a","id":"g{{++calls}}","parts":1}""");
            if (calls % 2 == 0)
                context.Response.ContentLength = body.Length;
            if (calls > 1)
                context.Response.Headers["X-Duplicate"] = "true";
            await context.Response.Body.WriteAsync(body.AsMemory(0, 20));
            await context.Response.Body.FlushAsync();
            await context.Response.Body.WriteAsync(body.AsMemory(20));
        });
        await app.StartAsync();
        using var line = new HttpLine(new Uri($"http://{listening!.IPEndPoint}/httpapi/receiver"));
        await line.ConnectAsync(CancellationToken.None);
        HttpReply first = await line.PostAsync("a=b", CancellationToken.None);
        HttpReply second = await line.PostAsync("a=b", CancellationToken.None);
        HttpReply third = await line.PostAsync("a=b", CancellationToken.None);
        Assert.Equal((200, "g1", false), (first.Status, first.Id, first.Duplicate));
        Assert.Equal((200, "g2", true), (second.Status, second.Id, second.Duplicate));
        Assert.Equal((200, "g3", true), (third.Status, third.Id, third.Duplicate));
    }

    private static async Task<int> RunAsync(CarrierBehaviour behaviour, TimeSpan responseTimeout)
    {
        await using var carrier = new CarrierSimulator(new CarrierOptions { Name = "carrier-t", JournalCapacity = 10_000 }, behaviour);
        await carrier.StartAsync();
        SmppLoadOptions options = Options(carrier, responseTimeout);
        FrameOptions frame = Frame(carrier);
        var marker = Marker.New(TimeProvider.System);
        await using var load = new SmppLoadRun(options, marker, frame.Capacity, TimeProvider.System);
        return await new LoadFrame(frame, load, marker, TimeProvider.System).RunAsync(CancellationToken.None);
    }

    private static SmppLoadOptions Options(CarrierSimulator carrier, TimeSpan responseTimeout) => new()
    {
        Targets = [new DnsEndPoint("127.0.0.1", carrier.Smpp.Port)],
        Binds = 2,
        Window = 20,
        Account = "smsgw",
        Password = "smsgw",
        ResponseTimeout = responseTimeout,
    };

    private static FrameOptions Frame(CarrierSimulator carrier) => new()
    {
        Messages = 2000,
        Carriers = [carrier.Control],
        Settle = TimeSpan.FromSeconds(30),
        Quiet = TimeSpan.FromSeconds(20),
        Stall = TimeSpan.FromSeconds(60),
    };
}
