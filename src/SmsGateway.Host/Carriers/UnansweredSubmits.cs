using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Carriers;

// The overdue submits of one bind, and the moment when the oldest of them has waited for so long that its answer is not coming. At most a window of them.
internal sealed class UnansweredSubmits : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<uint, long> _sentAt = [];
    private readonly CancellationTokenSource _givenUp = new();
    private readonly ITimer _timer;

    public UnansweredSubmits(TimeSpan limit, TimeProvider time)
    {
        (_limit, _time) = (limit, time);
        GivenUp = _givenUp.Token;
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when one of them has waited for the limit.</summary>
    public CancellationToken GivenUp { get; }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sentAt.Count;
            }
        }
    }

    /// <returns>How many there are now.</returns>
    public int Add(PendingRequest request)
    {
        int count;
        lock (_gate)
        {
            _sentAt[request.Sequence] = request.SentTimestamp;
            count = _sentAt.Count;
        }

        if (count == 1)
        {
            Look();
        }

        return count;
    }

    /// <summary>It was answered after all.</summary>
    public void Remove(PendingRequest request)
    {
        lock (_gate)
        {
            _sentAt.Remove(request.Sequence);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _givenUp.Dispose();
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_sentAt.Count == 0)
            {
                return; // the next one looks
            }

            var left = _limit - _time.GetElapsedTime(_sentAt.Values.Min());
            if (left > TimeSpan.Zero)
            {
                _timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        try
        {
            _givenUp.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The bind has ended meanwhile.
        }
    }
}
