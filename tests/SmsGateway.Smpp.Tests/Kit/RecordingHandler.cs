using System.Collections.Concurrent;
using System.Threading.Channels;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Smpp.Tests.Kit;

// Writes down what the session tells, in order; tests wait for the next thing with a limit that fails loudly.
internal sealed class RecordingHandler : ISmppSessionHandler
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly Channel<object> _told = Channel.CreateUnbounded<object>();

    internal Func<SmppSession, Pdu, CancellationToken, ValueTask>? Request { get; set; }

    internal Action<PendingRequest>? Overdue { get; set; }

    internal ConcurrentQueue<object> Everything { get; } = new();

    internal int Batches { get; private set; }

    public ValueTask OnRequestAsync(SmppSession session, Pdu request, CancellationToken ct)
    {
        Tell(request);
        return Request?.Invoke(session, request, ct) ?? default;
    }

    public void OnResponse(SmppSession session, PendingRequest request, Pdu response) => Tell(new Answered(request, response));

    public void OnOverdue(SmppSession session, PendingRequest request)
    {
        Overdue?.Invoke(request);
        Tell(new Late(request));
    }

    public void OnBatchRead(SmppSession session) => Batches++;

    public void OnBadPdu(SmppSession session, PduBodyException fault) => Tell(fault);

    internal async Task<T> NextAsync<T>() => Assert.IsType<T>(await _told.Reader.ReadAsync().AsTask().WaitAsync(Limit), exactMatch: false);

    private void Tell(object what)
    {
        Everything.Enqueue(what);
        Assert.True(_told.Writer.TryWrite(what));
    }

    internal sealed record Answered(PendingRequest Request, Pdu Response);

    internal sealed record Late(PendingRequest Request);
}
