using System.Diagnostics;
using System.Globalization;
using System.Net;
using SmsGateway.Load.Cli;
using SmsGateway.Load.Journal;
using SmsGateway.Load.Run;
using SmsGateway.Load.Smpp;

namespace SmsGateway.Load.Bench;

/// <summary>Mode <c>bench-protocol</c> (LP): our client against our server, no ledger, no receipts.</summary>
internal static class ProtocolBench
{
    /// <summary>The hidden mode of the server's own process: prints its port, serves until its standard input ends.</summary>
    public const string ServerMode = "bench-protocol-server";

    public static async Task<int> RunAsync(Arguments arguments, TimeProvider time, CancellationToken ct)
    {
        TimeSpan duration = arguments.Seconds("--seconds", 10);
        int binds = arguments.Number("--binds", 4);
        int window = arguments.Number("--window", 100);
        bool inProcess = arguments.Flag("--in-process");
        arguments.NoneLeft();

        if (inProcess)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            using var server = new ProtocolServer(time);
            Task serving = server.RunAsync(stop.Token);
            int code = await DriveAsync(server.Port, null, duration, binds, window, time, ct);
            await stop.CancelAsync();
            await serving;
            return code;
        }

        using Process child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Self())
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            int port = int.Parse((await child.StandardOutput.ReadLineAsync(ct))!, CultureInfo.InvariantCulture);
            return await DriveAsync(port, child.Id, duration, binds, window, time, ct);
        }
        finally
        {
            child.StandardInput.Close();
            await child.WaitForExitAsync(CancellationToken.None);
        }
    }

    public static async Task<int> ServeAsync(TimeProvider time)
    {
        using var stop = new CancellationTokenSource();
        using var server = new ProtocolServer(time);
        Task serving = server.RunAsync(stop.Token);
        Console.WriteLine(server.Port);
        await Console.In.ReadToEndAsync(stop.Token);
        await stop.CancelAsync();
        await serving;
        return 0;
    }

    private static async Task<int> DriveAsync(int port, int? server, TimeSpan duration, int binds, int window, TimeProvider time, CancellationToken ct)
    {
        var processes = new List<(string, string)> { (server is null ? "client and server" : "client", $"{Environment.ProcessId}") };
        if (server is not null)
            processes.Add(("server", $"{server}"));
        var options = new SmppLoadOptions { Targets = [new DnsEndPoint("127.0.0.1", port)], Binds = binds, Window = window, Registered = 0 };
        var frame = new FrameOptions { Duration = duration, Settle = TimeSpan.FromSeconds(5), Quiet = TimeSpan.FromSeconds(5), Stall = duration + duration, Processes = processes };
        var marker = Marker.New(time);
        await using var load = new SmppLoadRun(options, marker, (int)(Math.Min(duration.TotalSeconds, 60) * 1_000_000), time);
        Console.WriteLine(server is null ? "server in the same process" : "server in a process of its own");
        return await new LoadFrame(frame, load, marker, time).RunAsync(ct);
    }

    // Under "dotnet X.dll" the process is dotnet and needs the dll named; the built executable needs nothing.
    private static string[] Self()
        => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Environment.GetCommandLineArgs()[0], ServerMode] : [ServerMode];
}
