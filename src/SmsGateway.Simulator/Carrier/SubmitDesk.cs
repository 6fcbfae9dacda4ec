using SmsGateway.Simulator.Behaviour;
using SmsGateway.Simulator.Journal;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Simulator.Carrier;

/// <summary>What the carrier decided about one submit.</summary>
internal readonly record struct SubmitVerdict(
    SubmitJournal Journal, int Index, CommandStatus Status, long IdNumber, string Id, bool Answer, bool Twice, int AnswerDelayMs, bool Cut,
    byte FinalState, int ReceiptDelayMs, int BetweenMs);

// Decides about each submit and writes the journal, all under one lock: with one seed and one order of submits the decisions are the same again.
internal sealed class SubmitDesk(BehaviourBox<CarrierBehaviour> behaviour, int journalCapacity, int seed, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private volatile SubmitJournal _journal = new(journalCapacity);
    private IdBehaviour _ids = behaviour.Current.Ids;
    private long _nextId = behaviour.Current.Ids.Start;
    private long _second;
    private int _inSecond;

    public SubmitJournal Journal => _journal;

    /// <summary>Starts an empty journal. Ids go on; receipts on their way are counted in the old one.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _journal = new SubmitJournal(journalCapacity);
        }
    }

    public SubmitVerdict Decide(SubmitSm submit, CarrierBind bind)
    {
        CarrierBehaviour b = behaviour.Current;
        lock (_gate)
        {
            long now = time.GetUtcNow().Ticks;
            FollowIds(b.Ids);
            CommandStatus status = Judge(b, submit, bind, now);
            bool taken = status == CommandStatus.Ok;
            long number = taken ? _nextId++ : 0;
            string id = taken ? IdFormat.InResponse(number, b.Ids) : "";
            bool answer = !b.BlackHole && !(taken && Happens(b.LoseAnswerRatio));
            int answerDelay = b.AnswerDelayMs.Draw(_random);
            byte state = taken && !b.BlackHole ? FinalState(b.Receipts, submit.RegisteredDelivery) : (byte)0;
            int receiptDelay = 0;
            if (state != 0)
            {
                int delay = b.Receipts.DelayMs.Draw(_random);
                receiptDelay = answerDelay + Math.Max(delay, 0);
                answerDelay += Math.Max(-delay, 0);
            }

            int index = _journal.Append(submit, bind.Number, id, status, now);
            Note(index, answer, state, b.Receipts);
            bool cut = b.DisconnectEverySubmits > 0 && ++bind.Submits % b.DisconnectEverySubmits == 0;
            return new SubmitVerdict(_journal, index, status, number, id, answer, answer && Happens(b.RepeatAnswerRatio), answerDelay, cut, state,
                receiptDelay, b.Receipts.Before.Count == 0 ? 0 : b.Receipts.BetweenMs.Draw(_random));
        }
    }

    /// <summary>Shuffles in place, with the carrier's seed.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        lock (_gate)
        {
            _random.Shuffle(items);
        }
    }

    private void FollowIds(IdBehaviour ids)
    {
        if (ReferenceEquals(ids, _ids))
            return;
        if (ids.Start != _ids.Start)
            _nextId = ids.Start;
        _ids = ids;
    }

    private CommandStatus Judge(CarrierBehaviour b, SubmitSm submit, CarrierBind bind, long now)
    {
        if (b.MaxWindow > 0 && bind.Session.IncomingOutstanding > b.MaxWindow)
            return (CommandStatus)b.ThrottleStatus;
        if (OverRate(b.ThrottlePerSecond, now) || Happens(b.ThrottleRatio))
            return (CommandStatus)b.ThrottleStatus;
        for (int i = 0; i < b.RefuseDestinationSuffixes.Count; i++)
        {
            if (submit.DestinationAddr.EndsWith(b.RefuseDestinationSuffixes[i], StringComparison.Ordinal))
                return (CommandStatus)b.RefuseStatus;
        }

        return Happens(b.RefuseRatio) ? (CommandStatus)b.RefuseStatus : CommandStatus.Ok;
    }

    private bool OverRate(int perSecond, long now)
    {
        long second = now / TimeSpan.TicksPerSecond;
        if (second != _second)
        {
            _second = second;
            _inSecond = 0;
        }

        return perSecond > 0 && ++_inSecond > perSecond;
    }

    // A ratio of 0 draws nothing, so that switching on one behaviour does not shift the decisions of another.
    private bool Happens(double ratio) => ratio > 0 && _random.NextDouble() < ratio;

    private byte FinalState(ReceiptBehaviour receipts, byte registered)
    {
        int wanted = registered & RegisteredDelivery.ReceiptMask;
        if (!receipts.Enabled || wanted is not (RegisteredDelivery.Always or RegisteredDelivery.OnFailure))
            return 0;
        if (Happens(receipts.LoseRatio))
        {
            Interlocked.Increment(ref _journal.Counts.ReceiptsLostOnPurpose);
            return 0;
        }

        byte state = Draw(receipts.States);
        return wanted == RegisteredDelivery.OnFailure && state == ReceiptWords.Delivered ? (byte)0 : state;
    }

    private byte Draw(IReadOnlyDictionary<string, double> weights)
    {
        double sum = 0;
        foreach (double weight in weights.Values)
            sum += weight;
        double drawn = weights.Count == 1 ? 0 : _random.NextDouble() * sum;
        byte state = 0;
        foreach ((string word, double weight) in weights)
        {
            if (weight <= 0)
                continue;
            state = ReceiptWords.Parse(word);
            drawn -= weight;
            if (drawn < 0)
                break;
        }

        return state;
    }

    private void Note(int index, bool answer, byte state, ReceiptBehaviour receipts)
    {
        JournalCounts counts = _journal.Counts;
        counts.NeverAnswered += answer ? 0 : 1;
        if (state == 0)
            return;

        int mask = 1 << (state - 1);
        foreach (string word in receipts.Before)
            mask |= 1 << (ReceiptWords.Parse(word) - 1);

        counts.ReceiptsMade += 1 + receipts.Before.Count;
        counts.FinalReceipts++;
        if (index >= 0)
            _journal[index].States = (byte)mask;
    }
}
