using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using SmsGateway.Load.Journal;
using SmsGateway.Load.Run;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Receipts;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Load.Smpp;

// A closed-loop run over SMPP: all binds share one book and one queue, so that a message unanswered on one is sent again over another.
internal sealed class SmppLoadRun : ILoad, IAsyncDisposable
{
    private static readonly TimeSpan FirstBindWithin = TimeSpan.FromSeconds(30);

    private readonly LoadBind[] _binds;
    private readonly ConcurrentDictionary<string, int> _events = new();
    private readonly Marker _marker;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private volatile bool _started;
    private int _mos;
    private uint _turn;

    public SmppLoadRun(SmppLoadOptions options, Marker marker, int capacity, TimeProvider time)
    {
        Options = options;
        Time = time;
        _marker = marker;
        Messages = new MessageBook(capacity, time);
        Receipts = new ReceiptBook(Messages, time);
        Refusals = new RefusalBook(time);
        Queue = new SendQueue(Messages, options.Rate, time);
        Maker = new MessageMaker(options, marker);
        _binds = new LoadBind[options.Binds];
        for (int i = 0; i < _binds.Length; i++)
            _binds[i] = new LoadBind(this, i, i % options.Targets.Count);
    }

    public SmppLoadOptions Options { get; }

    public TimeProvider Time { get; }

    public MessageBook Messages { get; }

    public ReceiptBook Receipts { get; }

    public RefusalBook Refusals { get; }

    public SendQueue Queue { get; }

    public MessageMaker Maker { get; }

    public bool Started => _started;

    public bool ExpectsReceipts => Options.Registered != 0;

    public bool Done => Queue.Exhausted && Messages.Open == 0;

    public int Connected => BoundCount;

    public int BoundCount
    {
        get
        {
            int count = 0;
            foreach (LoadBind bind in _binds)
                count += bind.Bound ? 1 : 0;
            return count;
        }
    }

    public async Task ConnectAsync(CancellationToken ct)
    {
        _running = Task.WhenAll(Array.ConvertAll(_binds, bind => bind.RunAsync(_stopping.Token)));
        long start = Time.GetTimestamp();
        while (BoundCount < _binds.Length && Time.GetElapsedTime(start) < FirstBindWithin)
            await PauseAsync(TimeSpan.FromMilliseconds(20), ct);
        if (BoundCount < _binds.Length)
            throw new LoadFailure($"only {BoundCount} of {_binds.Length} binds came up: {Events()}");
    }

    public void Go()
    {
        Queue.Begin();
        _started = true;
        Pulse();
    }

    public void StopNew() => Queue.StopNew();

    public void Pulse()
    {
        Queue.Release(Time.GetTimestamp());
        if (Options.Rate > 0)
            Deal();
        else
            Array.ForEach(_binds, bind => bind.Fill());
    }

    // One to each bind in turn, the first of all to another one each time: every node gets its share.
    private void Deal()
    {
        bool any;
        do
        {
            any = false;
            for (int i = 0; i < _binds.Length; i++)
                any |= _binds[_turn++ % _binds.Length].Fill(one: true);
        }
        while (any);
        _turn++;
    }

    public async Task StopAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), Time);
        await Task.WhenAll(Array.ConvertAll(_binds, bind => bind.UnbindAsync(patience.Token)));
        await _stopping.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    public IEnumerable<(string Name, string Value)> Conditions()
    {
        yield return ("protocol", "SMPP");
        yield return ("targets", string.Join(" ", Options.Targets.Select(t => $"{t.Host}:{t.Port}")));
        yield return ("binds x window", $"{Options.Binds} x {Options.Window}");
        if (Options.Rate > 0)
            yield return ("new messages per second at most", $"{Options.Rate}");
        yield return ("text octets", Options.TextLength.ToString(CultureInfo.InvariantCulture));
        yield return ("registered_delivery", Options.Registered.ToString(CultureInfo.InvariantCulture));
        yield return ("MO received", _mos.ToString(CultureInfo.InvariantCulture));
        if (!_events.IsEmpty)
            yield return ("met", Events());
    }

    /// <summary>The answer of a node to a submit.</summary>
    public void Answered(int number, int node, Pdu response)
    {
        if (response.Status != CommandStatus.Ok)
            Refusals.Take(node, (uint)response.Status);
        switch (response.Status)
        {
            case CommandStatus.Ok when response is SubmitSmResp { MessageId: { Length: > 0 } id }:
                Messages.Accept(number, IdHash.Of(id), node);
                break;
            case CommandStatus.Throttled or CommandStatus.MessageQueueFull or CommandStatus.SystemError:
                Messages.NoteThrottled();
                Queue.Later(number, -1, Time.GetTimestamp() + (long)(Options.BackOff.TotalSeconds * Time.TimestampFrequency));
                break;
            default:
                Messages.Refuse(number);
                break;
        }
    }

    /// <summary>A deliver_sm, already answered.</summary>
    public void Delivered(DeliverSm deliver)
    {
        ulong deliveryId = deliver.Tlvs.TryGet(TlvTag.DeliveryId, out ReadOnlyMemory<byte> value) ? IdHash.Of(WithoutNul(value.Span)) : 0;
        if (!EsmClass.IsReceiptOrNotification(deliver.EsmClass))
        {
            Interlocked.Increment(ref _mos);
            return;
        }

        int number = deliver.Tlvs.TryGet(TlvTag.ClientMessageId, out value) ? _marker.Parse(value.Span) : -1;
        bool hasState = deliver.Tlvs.TryGetByte(TlvTag.MessageState, out byte state);
        if (hasState && deliver.Tlvs.TryGet(TlvTag.ReceiptedMessageId, out value))
            Receipts.Take(number, IdHash.Of(WithoutNul(value.Span)), state, deliveryId);
        else if (ReceiptReader.TryRead(deliver, out CarrierReceipt? receipt))
            Receipts.Take(number, IdHash.Of(receipt!.MessageId), (byte)(receipt.State ?? MessageState.Unknown), deliveryId);
        else
            Count("unreadable receipts");
    }

    public void BindUp() => Count("binds up");

    public void BindLost(SessionEndReason reason)
    {
        // Our own unbinds at the end are no event.
        if (!_stopping.IsCancellationRequested && reason != SessionEndReason.Unbound)
            Count($"bind ended: {reason}");
    }

    public void BindFailed(DnsEndPoint target, string why) => Count($"{target.Host}:{target.Port}: {why}");

    /// <summary>A pause of the client itself (a rebind, a poll), cut short at the stop.</summary>
    public async Task PauseAsync(TimeSpan pause, CancellationToken ct)
        => await Task.Delay(pause, Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private string Events() => string.Join(", ", _events.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Key} ({e.Value})"));

    private void Count(string what)
    {
        if (_events.Count < 200 || _events.ContainsKey(what))
            _events.AddOrUpdate(what, 1, (_, count) => count + 1);
    }

    private static ReadOnlySpan<byte> WithoutNul(ReadOnlySpan<byte> text) => text is [.. var front, 0] ? front : text;
}
