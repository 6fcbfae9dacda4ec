using SmsGateway.Load.Cli;
using SmsGateway.Load.Journal;
using SmsGateway.Load.Run;

namespace SmsGateway.Load.Http;

/// <summary>Mode <c>http</c>: the command line, and the run.</summary>
internal static class HttpMode
{
    public static async Task<int> RunAsync(Arguments arguments, TimeProvider time, CancellationToken ct)
    {
        FrameOptions frame = FrameOptions.From(arguments);
        HttpLoadOptions options = HttpLoadOptions.From(arguments);
        arguments.NoneLeft();
        var marker = Marker.New(time);
        await using var load = new HttpLoadRun(options, marker, frame.Capacity, time);
        return await new LoadFrame(frame, load, marker, time).RunAsync(ct);
    }
}
