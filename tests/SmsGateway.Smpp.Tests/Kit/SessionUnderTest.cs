using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging.Abstractions;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;
using SmsGateway.Smpp.Wire;
using SmsGateway.TestKit;

namespace SmsGateway.Smpp.Tests.Kit;

// A session on one end of a pipe, and on the other a peer that speaks octets.
internal sealed class SessionUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly DuplexPipes _pipes = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task<SessionEnd> _run;

    internal SessionUnderTest(bool isServer, Action<SmppSessionOptions>? configure = null)
    {
        var options = new SmppSessionOptions { IsServer = isServer };
        configure?.Invoke(options);
        Session = new SmppSession(_pipes.Near, options, Handler, Time, NullLogger.Instance);
        _run = Session.RunAsync(_stopping.Token);
    }

    internal ManualTimeProvider Time { get; } = new();

    internal RecordingHandler Handler { get; } = new();

    internal SmppSession Session { get; }

    internal PipeReader PeerInput => _pipes.Far.Input;

    internal PipeWriter PeerOutput => _pipes.Far.Output;

    internal static async Task<SessionUnderTest> BoundServerAsync(BindType type, Action<SmppSessionOptions>? configure = null)
    {
        var test = new SessionUnderTest(isServer: true, configure);
        await test.SendAsync(new BindRequest { Type = type, SystemId = "esme" }, 1);
        var bind = await test.Handler.NextAsync<BindRequest>();
        test.Session.SetBound(Permissions.StateOf(type));
        test.Session.Respond(bind, BindResponse.Accepted(type, "smsc"));
        Assert.Equal(CommandStatus.Ok, (await test.ReceiveAsync<BindResponse>()).Status);
        return test;
    }

    internal static async Task<SessionUnderTest> BoundClientAsync(BindType type, Action<SmppSessionOptions>? configure = null)
    {
        var test = new SessionUnderTest(isServer: false, configure);
        var binding = test.Session.RequestAsync(new BindRequest { Type = type, SystemId = "esme" }, CancellationToken.None).AsTask();
        var bind = await test.ReceiveAsync<BindRequest>();
        await test.SendAsync(BindResponse.Accepted(type, "smsc"), bind.Sequence);
        await binding.WaitAsync(Limit);
        return test;
    }

    internal Task SendAsync(Pdu pdu, uint sequence) => SendAsync(Wires.Encode(pdu, sequence));

    internal async Task SendAsync(params byte[] octets) => await PeerOutput.WriteAsync(octets);

    internal async Task<T> ReceiveAsync<T>()
        where T : Pdu => Assert.IsType<T>(await ReceiveAsync().WaitAsync(Limit));

    internal async Task<Pdu> ReceiveAsync()
    {
        while (true)
        {
            var read = await PeerInput.ReadAsync();
            var buffer = read.Buffer;
            if (PduFramer.TryReadFrame(ref buffer, 1 << 20, out var frame))
            {
                var pdu = PduCodec.Decode(frame);
                PeerInput.AdvanceTo(buffer.Start);
                return pdu;
            }

            PeerInput.AdvanceTo(buffer.Start, buffer.End);
            Assert.False(read.IsCompleted, "the session ended its side instead of sending another PDU");
        }
    }

    // Nothing more comes but the end.
    internal async Task ReceiveEndAsync()
    {
        var read = await PeerInput.ReadAsync().AsTask().WaitAsync(Limit);
        Assert.True(read.IsCompleted);
        Assert.Equal("", Hex.Of(read.Buffer.ToArray()));
    }

    internal Task<SessionEnd> EndAsync() => _run.WaitAsync(Limit);

    internal void Stop() => _stopping.Cancel();

    // Turns the clock; the session looks at its timers on a thread of its own, so wait for what that leads to.
    internal void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public async ValueTask DisposeAsync()
    {
        Session.Close(SessionEndReason.Stopped);
        await PeerInput.CompleteAsync();
        await EndAsync();
        _stopping.Dispose();
    }
}
