using System.Threading.Channels;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// Writes what became of offers back to the outbox, in batches, and only then lets memory forget the row. Whatever cannot be
// written is forgotten all the same: the row is still owed, so it is offered again with the same delivery id.
internal sealed partial class DeliveryEnds(OutboxLedger outbox, DeliveriesInMemory memory, ILogger<DeliveryEnds> logger) : BackgroundService
{
    private const int MostPerWrite = 500;

    // Full: the delivery leaves memory unwritten and comes back with its old due time.
    private readonly Channel<Return> _returns = Channel.CreateBounded<Return>(new BoundedChannelOptions(20_000) { SingleReader = true });
    private int _unwritten;

    /// <summary>Acknowledgements and returns not yet committed.</summary>
    public int Unwritten => Volatile.Read(ref _unwritten);

    public void Acknowledge(Delivery delivery, string target)
    {
        Interlocked.Increment(ref _unwritten);
        var taken = outbox.EnqueueAsync(new DeliveryAck(delivery.Id, Next(delivery), target), OnCommitted, CancellationToken.None);
        if (!taken.IsCompleted)
        {
            // The intake is full for a moment; the acknowledgement waits its turn there, bounded by the clients' windows.
            taken.AsTask().ContinueWith(OnTaken, delivery.Id, CancellationToken.None, TaskContinuationOptions.NotOnRanToCompletion, TaskScheduler.Default);
        }
        else if (!taken.IsCompletedSuccessfully)
        {
            Forget(delivery.Id);
        }
    }

    public void Retry(Delivery delivery, DateTimeOffset dueAt, string reason) => Write(new Return(delivery, dueAt, reason, Park: false));

    public void Park(Delivery delivery, string reason) => Write(new Return(delivery, default, reason, Park: true));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Return>(MostPerWrite);
        try
        {
            while (await _returns.Reader.WaitToReadAsync(stoppingToken).ConfigureAwait(false))
            {
                while (batch.Count < MostPerWrite && _returns.Reader.TryRead(out var next))
                {
                    batch.Add(next);
                }

                await WriteAsync(batch, stoppingToken).ConfigureAwait(false);
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private static short Next(Delivery delivery) => (short)Math.Min(delivery.Offers + 1, short.MaxValue);

    private void Write(Return item)
    {
        Interlocked.Increment(ref _unwritten);
        if (!_returns.Writer.TryWrite(item))
        {
            Forget(item.Delivery.Id);
        }
    }

    private async Task WriteAsync(List<Return> batch, CancellationToken stopping)
    {
        try
        {
            var retries = new List<DeliveryRetry>(batch.Count);
            foreach (var item in batch)
            {
                if (item.Park)
                {
                    await outbox.ParkAsync(item.Delivery.Id, Next(item.Delivery), item.Reason, stopping).ConfigureAwait(false);
                }
                else
                {
                    retries.Add(new DeliveryRetry(item.Delivery.Id, item.DueAt, Next(item.Delivery)));
                }
            }

            if (retries.Count > 0)
            {
                await outbox.RetryAsync(retries, stopping).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            NotWritten(logger, batch.Count, error);
        }
        finally
        {
            foreach (var item in batch)
            {
                Forget(item.Delivery.Id);
            }
        }
    }

    private void OnCommitted(DeliveryAck acknowledgement, bool ended, Exception? failure) => Forget(acknowledgement.DeliveryId);

    private void OnTaken(Task taken, object? id) => Forget((Guid)id!);

    private void Forget(Guid id)
    {
        memory.Remove(id);
        Interlocked.Decrement(ref _unwritten);
    }

    private readonly record struct Return(Delivery Delivery, DateTimeOffset DueAt, string Reason, bool Park);

    [LoggerMessage(4201, LogLevel.Warning, "{Count} returned deliveries could not be written back; they are offered again with their old due time")]
    private static partial void NotWritten(ILogger logger, int count, Exception error);

    // Next free id in Flow: 4202.
}
