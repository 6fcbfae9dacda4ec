using System.Net.Sockets;
using SmsGateway.Smpp.Pdus;
using SmsGateway.TestKit;
using Xunit.Abstractions;

namespace SmsGateway.Host.Tests.Esme;

public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int BadPduCount = 100_000;
    private const int Attackers = 8;
    private const int PdusPerWrite = 64;
    private const long MostGrowth = 20_000_000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly byte[] Bind = BadPdus.Encode(
        new BindRequest { Type = BindType.Transceiver, SystemId = EsmeBench.Name, Password = EsmeBench.Password }, 0);


    [Fact]
    public async Task A_hundred_thousand_bad_pdus_cost_no_memory_and_a_neighbour_goes_on()
    {
        await using var bench = await EsmeBench.StartAsync(a => a with { Smpp = a.Smpp with { BindsPerNode = 1000 } });
        bench.KeepSubmissions = false;
        await AttackAsync(bench, seed: 0, count: 2_000); // code and buffers that stay for good
        await AttackAsync(bench, seed: 1, count: 2_000);
        await using var neighbour = await bench.BoundAsync();
        var before = Settled();
        using var over = new CancellationTokenSource();
        var latencies = NeighbourAsync(neighbour, over.Token);

        var attacks = Enumerable.Range(2, Attackers).Select(seed => AttackAsync(bench, seed, BadPduCount / Attackers)).ToArray();
        var connections = (await Task.WhenAll(attacks).WaitAsync(Limit)).Sum();

        await over.CancelAsync();
        var measured = await latencies;
        Assert.True(measured.Count > 0, "the neighbour was answered");
        await Eventually.TrueAsync(() => bench.Server.Connections == 1, "only the neighbour is left");
        var growth = 0L;
        await Eventually.TrueAsync(() => (growth = Settled() - before) < MostGrowth, "memory is what it was"); // other tests use some meanwhile
        measured.Sort();
        output.WriteLine($"{BadPduCount} bad PDUs over {connections} connections; memory {growth / 1000:+0;-0} KB; "
            + $"neighbour: {measured.Count} submits, p50 {measured[measured.Count / 2]:0.0} ms, p99 {measured[measured.Count * 99 / 100]:0.0} ms");
        await neighbour.NothingElseComesAsync();
        Assert.Single(bench.Binds.All);
    }

    // One after the other, each answered Ok.
    private static async Task<List<double>> NeighbourAsync(WireClient client, CancellationToken over)
    {
        var milliseconds = new List<double>();
        do
        {
            var start = TimeProvider.System.GetTimestamp();
            Assert.Equal(CommandStatus.Ok, (await client.SubmitAsync(EsmeBench.Message())).Status);
            milliseconds.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }
        while (!over.IsCancellationRequested);
        return milliseconds;
    }

    // Every other attacker binds first, so that its octets get as far as the rules for messages.
    private static async Task<int> AttackAsync(EsmeBench bench, int seed, int count)
    {
        var bound = seed % 2 == 0;
        var pdus = new BadPdus(seed, bound);
        var connections = 0;
        while (count > 0)
        {
            connections++;
            using var tcp = new TcpClient { NoDelay = true };
            await tcp.ConnectAsync(bench.EndPoint);
            var reading = DrainAsync(tcp.GetStream());
            if (bound)
            {
                await tcp.GetStream().WriteAsync(Bind);
            }

            count -= await SendAsync(tcp.GetStream(), pdus, count);
            tcp.Client.Shutdown(SocketShutdown.Send);
            await reading;
        }

        return connections;
    }

    // Until the framing is lost, the server has closed (an unbound connection ends with the first cut bind), or there are enough.
    private static async Task<int> SendAsync(NetworkStream stream, BadPdus pdus, int most)
    {
        var batch = new MemoryStream();
        var sent = 0;
        var framed = true;
        while (framed && sent < most)
        {
            var before = sent;
            batch.SetLength(0);
            for (var i = 0; framed && i < PdusPerWrite && sent < most; i++, sent++)
            {
                batch.Write(pdus.Next(out framed));
            }

            try
            {
                await stream.WriteAsync(batch.GetBuffer().AsMemory(0, (int)batch.Length));
            }
            catch (IOException)
            {
                return before; // what could not be written was not sent
            }
        }

        return sent;
    }

    private static async Task DrainAsync(NetworkStream stream)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }

    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
