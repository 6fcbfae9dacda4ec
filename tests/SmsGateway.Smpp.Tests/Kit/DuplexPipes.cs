using System.IO.Pipelines;

namespace SmsGateway.Smpp.Tests.Kit;

// A connection without a network: what one end writes the other reads, and 64 KiB unread stop the writer.
internal sealed class DuplexPipes
{
    internal DuplexPipes()
    {
        var there = new Pipe();
        var back = new Pipe();
        Near = new End(back.Reader, there.Writer);
        Far = new End(there.Reader, back.Writer);
    }

    internal IDuplexPipe Near { get; }

    internal IDuplexPipe Far { get; }

    private sealed record End(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
