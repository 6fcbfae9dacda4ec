using System.Threading.Channels;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Writes what became of offers back to the outbox, in batches, and only then lets memory forget the row. Acknowledgements that the ledger does not take
// go into the journal while it is away. What cannot be written is forgotten all the same: the row is still owed, so it is offered again with the same delivery id.
internal sealed partial class DeliveryEnds(
    OutboxLedger outbox, DeliveriesInMemory memory, NodeDirectory directory, Holding holding, HostMetrics metrics, TimeProvider time, ILogger<DeliveryEnds> logger)
    : BackgroundService
{
    private const int MostPerWrite = 500;
    private static readonly TimeSpan FlushPoll = TimeSpan.FromMilliseconds(20);

    // Full: the delivery leaves memory unwritten and is offered again. Filled only when the ledger is slower than the clients.
    private readonly Channel<End> _ends = Channel.CreateBounded<End>(new BoundedChannelOptions(65_536) { SingleReader = true });
    private readonly LogGate _notWritten = new(time, LogGate.OfOutages);
    private int _unwritten;

    /// <summary>Ends not yet committed.</summary>
    public int Unwritten => Volatile.Read(ref _unwritten);

    /// <summary>The account took it; <paramref name="target"/> is the bind or the host of the URL.</summary>
    public void Acknowledge(Delivery delivery, string target) => Write(new End(delivery, EndKind.Acknowledged, default, target));

    /// <summary>It comes back from the ledger at <paramref name="dueAt"/>, to another node where one has a receiving bind of the account and <paramref name="mayLeave"/>.</summary>
    public void Retry(Delivery delivery, DateTimeOffset dueAt, string reason, bool mayLeave) =>
        Write(new End(delivery, mayLeave ? EndKind.Passed : EndKind.Retried, dueAt, reason));

    /// <summary>It is listed under parked.</summary>
    public void Park(Delivery delivery, string reason) => Write(new End(delivery, EndKind.Parked, default, reason));

    /// <summary>Completes when everything handed in so far has been written or forgotten.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(FlushPoll, time);
        while (Unwritten > 0)
        {
            await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var retries = new List<End>(MostPerWrite);
        try
        {
            while (await _ends.Reader.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
            {
                while (retries.Count < MostPerWrite && _ends.Reader.TryRead(out var end))
                {
                    await WriteOneAsync(end, retries, stoppingToken).ConfigureAwait(false);
                }

                await WriteRetriesAsync(retries, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private static short Offers(Delivery delivery) => (short)Math.Min(delivery.Offers + 1, short.MaxValue);

    private void Write(End end)
    {
        Interlocked.Increment(ref _unwritten);
        if (!_ends.Writer.TryWrite(end))
        {
            Forget(end.Delivery.Id);
        }
    }

    private async Task WriteOneAsync(End end, List<End> retries, CancellationToken stopping)
    {
        try
        {
            switch (end.Kind)
            {
                case EndKind.Acknowledged when holding.IsOn && Held(new DeliveryAck(end.Delivery.Id, Offers(end.Delivery), end.Word)):
                    break;
                case EndKind.Acknowledged:
                    // Waits only while the intake is full; memory forgets the row at the COMMIT.
                    await outbox.EnqueueAsync(new DeliveryAck(end.Delivery.Id, Offers(end.Delivery), end.Word), OnCommitted, stopping)
                        .ConfigureAwait(false);
                    break;
                case EndKind.Parked:
                    await outbox.ParkAsync(end.Delivery.Id, Offers(end.Delivery), end.Word, stopping).ConfigureAwait(false);
                    Forget(end.Delivery.Id);
                    break;
                default:
                    retries.Add(end);
                    break;
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Report(error);
            Forget(end.Delivery.Id);
        }
    }

    private async Task WriteRetriesAsync(List<End> retries, CancellationToken stopping)
    {
        if (retries.Count == 0)
        {
            return;
        }

        try
        {
            var passed = await PassOnAsync(retries, stopping).ConfigureAwait(false);
            var rows = new List<DeliveryRetry>(retries.Count);
            foreach (var end in retries)
            {
                if (!passed.Contains(end.Delivery.Id))
                {
                    rows.Add(Row(end));
                }
            }

            if (rows.Count > 0)
            {
                await outbox.RetryAsync(rows, stopping).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Report(error, retries.Count);
        }
        finally
        {
            foreach (var end in retries)
            {
                Forget(end.Delivery.Id);
            }

            retries.Clear();
        }
    }

    // What a bind here did not take goes to the next node that reaches the account, with its due time and its offers.
    private async Task<HashSet<Guid>> PassOnAsync(List<End> retries, CancellationToken stopping)
    {
        var passed = new HashSet<Guid>();
        foreach (var some in retries.Where(end => end.Kind == EndKind.Passed).GroupBy(end => end.Delivery.Account))
        {
            if (directory.PeerForAccount(some.Key) is { } peer)
            {
                passed.UnionWith(await outbox.HandOverAsync([.. some.Select(Row)], new NodeEpoch(peer.Id, peer.Epoch), stopping).ConfigureAwait(false));
            }
        }

        if (passed.Count > 0)
        {
            metrics.HandedOver("delivery", passed.Count);
        }

        return passed;
    }

    private static DeliveryRetry Row(End end) => new(end.Delivery.Id, end.DueAt, Offers(end.Delivery));

    private void OnCommitted(DeliveryAck acknowledgement, bool ended, Exception? failure)
    {
        if (failure is LedgerUnavailableException)
        {
            holding.LedgerIsAway(failure.Message);
            if (Held(acknowledgement))
            {
                return;
            }
        }

        if (failure is not null)
        {
            Report(failure);
        }

        Forget(acknowledgement.DeliveryId);
    }

    private bool Held(DeliveryAck acknowledgement) => holding.TryTake(new HeldAcknowledgement(acknowledgement, time.GetUtcNow()), OnHeld);

    private void OnHeld(HeldFact fact, bool taken, Exception? failure)
    {
        if (failure is not null)
        {
            Report(failure);
        }

        Forget(((HeldAcknowledgement)fact).Ack.DeliveryId);
    }

    private void Report(Exception error, int count = 1)
    {
        if (_notWritten.TryPass(out var more))
        {
            NotWritten(logger, count, error.Message, more);
        }
    }

    private void Forget(Guid id)
    {
        memory.Remove(id);
        Interlocked.Decrement(ref _unwritten);
    }

    private enum EndKind : byte
    {
        Acknowledged,
        Retried,
        Passed,
        Parked,
    }

    // Word is the target of an acknowledgement, else the reason.
    private readonly record struct End(Delivery Delivery, EndKind Kind, DateTimeOffset DueAt, string Word);

    [LoggerMessage(4201, LogLevel.Warning, "{Count} ended or returned deliveries could not be written; they are offered again: {Reason} (and {More} such lines since the last one)")]
    private static partial void NotWritten(ILogger logger, int count, string reason, int more);

    // Next free id in Flow: 4202.
}
