using SmsGateway.Load.Cli;
using SmsGateway.Load.Journal;
using SmsGateway.Load.Run;

namespace SmsGateway.Load.Smpp;

/// <summary>Mode <c>smpp</c>: the command line, and the run.</summary>
internal static class SmppMode
{
    public static async Task<int> RunAsync(Arguments arguments, TimeProvider time, CancellationToken ct)
    {
        FrameOptions frame = FrameOptions.From(arguments);
        var options = new SmppLoadOptions
        {
            Targets = arguments.Targets("--to"),
            Binds = arguments.Number("--binds", 8),
            Window = arguments.Number("--window", 100),
            Account = arguments.Text("--account", "acme"),
            Password = arguments.Text("--password", "acme1234"),
            Sender = arguments.Text("--sender", "67890"),
            Prefixes = arguments.Text("--prefixes", "44,49").Split(','),
            Registered = (byte)arguments.Number("--registered", 1),
            Priority = (byte)arguments.Number("--priority", 0),
            TextLength = arguments.Number("--text", 60),
            ResponseTimeout = arguments.Seconds("--response-timeout", 30),
            RebindAfter = arguments.Seconds("--rebind", 1),
        };
        arguments.NoneLeft();
        if (options.Binds < 1 || options.Window < 1 || options.TextLength is < 20 or > 160)
            throw new LoadFailure("--binds and --window must be at least 1, --text 20 to 160");
        var marker = Marker.New(time);
        await using var load = new SmppLoadRun(options, marker, frame.Capacity, time);
        return await new LoadFrame(frame, load, marker, time).RunAsync(ct);
    }
}
