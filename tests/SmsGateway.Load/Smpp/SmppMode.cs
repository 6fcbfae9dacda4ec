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
        SmppLoadOptions options = SmppLoadOptions.From(arguments);
        arguments.NoneLeft();
        var marker = Marker.New(time);
        await using var load = new SmppLoadRun(options, marker, frame.Capacity, time);
        return await new LoadFrame(frame, load, marker, time).RunAsync(ct);
    }
}
