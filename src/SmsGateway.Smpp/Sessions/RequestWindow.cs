using System.Diagnostics.CodeAnalysis;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Smpp.Sessions;

// Our requests without a response: by number, for responses, and in order of sending, for the response timer. All O(1).
// Bounded by the window; what RequestAsync sends comes on top and is a handful. Not thread safe: the session's lock guards it.
internal sealed class RequestWindow(int size)
{
    private const uint LastSequence = 0x7FFFFFFF;
    private readonly Dictionary<uint, PendingRequest> _bySequence = [];
    private PendingRequest? _oldest;
    private PendingRequest? _newest;
    private uint _lastSequence;
    private int _reserved;

    internal int Outstanding { get; private set; }

    internal int Free => Math.Max(0, size - Outstanding - _reserved);

    internal bool TryReserve()
    {
        if (Free == 0)
            return false;
        _reserved++;
        return true;
    }

    internal void Release() => _reserved = Math.Max(0, _reserved - 1);

    // From 0x7FFFFFFF to 1, past numbers that are still taken by what is long overdue.
    internal uint NextSequence()
    {
        do
            _lastSequence = _lastSequence >= LastSequence ? 1 : _lastSequence + 1;
        while (_bySequence.ContainsKey(_lastSequence));
        return _lastSequence;
    }

    internal void StartAt(uint sequence) => _lastSequence = sequence - 1;

    internal void Add(PendingRequest pending)
    {
        _bySequence.Add(pending.Sequence, pending);
        pending.Previous = _newest;
        if (_newest is null)
            _oldest = pending;
        else
            _newest.Next = pending;
        _newest = pending;
        if (pending.InWindow)
            Outstanding++;
    }

    // A response of another command than the request's answers nothing; generic_nack answers anything.
    internal bool TryAnswer(Pdu response, [NotNullWhen(true)] out PendingRequest? pending)
    {
        if (!_bySequence.TryGetValue(response.Sequence, out pending))
            return false;
        if (response.CommandId != CommandId.GenericNack && (uint)response.CommandId != ((uint)pending.Request.CommandId | 0x80000000))
            return false;
        Remove(pending);
        return true;
    }

    // Time since the oldest request was sent that is not overdue yet; null when there is none.
    internal TimeSpan? OldestAge(TimeProvider time) => _oldest is null ? null : time.GetElapsedTime(_oldest.SentTimestamp);

    // The next request that has just become overdue. It leaves the order and keeps its slot, or goes where somebody waits for it.
    internal bool TryTakeOverdue(TimeProvider time, TimeSpan timeout, [NotNullWhen(true)] out PendingRequest? overdue)
    {
        overdue = _oldest;
        if (overdue is null || timeout <= TimeSpan.Zero || time.GetElapsedTime(overdue.SentTimestamp) < timeout)
            return false;
        overdue.Overdue = true;
        if (overdue.InWindow)
            Unlink(overdue);
        else
            Remove(overdue);
        return true;
    }

    internal List<PendingRequest> TakeAll()
    {
        var all = new List<PendingRequest>(_bySequence.Values);
        all.Sort((one, other) => one.QueuedAt.CompareTo(other.QueuedAt));
        _bySequence.Clear();
        _oldest = _newest = null;
        Outstanding = 0;
        return all;
    }

    private void Remove(PendingRequest pending)
    {
        _bySequence.Remove(pending.Sequence);
        if (!pending.Overdue || !pending.InWindow)
            Unlink(pending);
        if (pending.InWindow)
            Outstanding--;
    }

    private void Unlink(PendingRequest pending)
    {
        if (pending.Previous is null)
            _oldest = pending.Next;
        else
            pending.Previous.Next = pending.Next;
        if (pending.Next is null)
            _newest = pending.Previous;
        else
            pending.Next.Previous = pending.Previous;
        pending.Previous = pending.Next = null;
    }
}
