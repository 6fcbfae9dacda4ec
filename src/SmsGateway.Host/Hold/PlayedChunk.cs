using SmsGateway.Ledger;

namespace SmsGateway.Host.Hold;

// Some records in a row on their way into the ledger: counts those without an answer, and keeps what is left to do when all have one.
internal sealed class PlayedChunk
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int _open = 1; // the one who fills it
    private Exception? _outage;

    public List<(HeldFact Fact, JournalItem Item)> Facts { get; } = [];

    /// <summary>Records that cannot be read or that the ledger refuses for what is in them.</summary>
    public List<(JournalItem Item, string Reason)> Poison { get; } = [];

    /// <summary>MTs whose key another content has.</summary>
    public List<NewEntry> Losers { get; } = [];

    /// <summary>Where the next chunk begins; 0 = this one is empty.</summary>
    public long Next { get; set; }

    public int Octets { get; set; }

    public void Sent() => Interlocked.Increment(ref _open);

    /// <summary>One was answered. Any thread.</summary>
    public void Answered(JournalItem item, Exception? failure)
    {
        if (failure is LedgerDefectException or ArgumentException)
        {
            lock (_gate)
            {
                Poison.Add((item, failure.InnerException?.Message ?? failure.Message));
            }
        }
        else if (failure is not null)
        {
            _outage = failure;
        }

        Done();
    }

    public void Lost(NewEntry entry)
    {
        lock (_gate)
        {
            Losers.Add(entry);
        }
    }

    /// <summary>Completes when all that was sent is answered.</summary>
    /// <exception cref="LedgerUnavailableException">And whatever else is no record's fault: the chunk is to be played again.</exception>
    public async Task AnsweredAsync()
    {
        Done();
        await _answered.Task.ConfigureAwait(false);
        if (_outage is { } outage)
        {
            throw outage is LedgerUnavailableException or FencedException ? outage : new LedgerUnavailableException(outage.Message, outage);
        }
    }

    private void Done()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _answered.TrySetResult();
        }
    }
}
