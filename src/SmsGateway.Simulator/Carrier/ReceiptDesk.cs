using System.Collections.Concurrent;
using SmsGateway.Simulator.Behaviour;
using SmsGateway.Simulator.Timing;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Simulator.Carrier;

// What the carrier owes to the gateway: receipts go out over any receiving bind with a free window, round robin; one that was not answered in
// time, was refused for a while, or whose bind was lost goes out again over another. While no bind is there they wait. Bounded: a receipt
// beyond the limit is dropped and counted.
internal sealed class ReceiptDesk(BindRegistry binds, DelayWheel wheel, int capacity)
{
    private const int RetryAfterMs = 1000;

    private readonly ConcurrentQueue<Receipt> _ready = new();
    private int _pending;
    private int _pumpWanted;
    private int _nextBind;

    /// <summary>Receipts not yet acknowledged, delayed ones included.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Takes all receipts of one submit: those before the final one first.</summary>
    public void AddAll(CarrierRooms rooms, SubmitSm submit, in SubmitVerdict verdict)
    {
        ReceiptBehaviour behaviour = rooms.Behaviour.Current.Receipts;
        int delay = verdict.ReceiptDelayMs;
        foreach (string word in behaviour.Before)
        {
            Add(ReceiptPdu.Make(rooms, behaviour, submit, verdict, ReceiptWords.Parse(word)), delay);
            delay += Math.Max(verdict.BetweenMs, 5);
        }

        Add(ReceiptPdu.Make(rooms, behaviour, submit, verdict, verdict.FinalState), delay);
    }

    /// <summary>Takes a new receipt to be sent after a delay. Without a delay the caller pumps, once per batch.</summary>
    public void Add(Receipt receipt, int delayMs)
    {
        if (Interlocked.Increment(ref _pending) > capacity)
        {
            Interlocked.Decrement(ref _pending);
            Interlocked.Increment(ref receipt.Journal.Counts.ReceiptsDropped);
            return;
        }

        if (delayMs <= 0 || !wheel.TryAdd(receipt, delayMs))
            Ready(receipt);
    }

    public void Ready(Receipt receipt) => _ready.Enqueue(receipt);

    /// <summary>Sends what can be sent. Any thread; one pumps, the others only make it look again.</summary>
    public void Pump()
    {
        if (Interlocked.Increment(ref _pumpWanted) != 1)
            return;

        int seen;
        do
        {
            seen = Volatile.Read(ref _pumpWanted);
            PumpOnce();
        }
        while (Interlocked.CompareExchange(ref _pumpWanted, 0, seen) != seen);
    }

    /// <summary>The gateway answered a receipt.</summary>
    public void Answered(Receipt receipt, CommandStatus status)
    {
        if (receipt.Done)
            return;

        switch (status)
        {
            case CommandStatus.Ok when receipt.CopiesLeft > 1:
                receipt.CopiesLeft--;
                Ready(receipt);
                break;
            case CommandStatus.Ok:
                Acknowledge(receipt);
                Finish(receipt);
                break;
            case CommandStatus.SystemError or CommandStatus.MessageQueueFull or CommandStatus.Throttled or CommandStatus.ReceiverTemporaryError:
                if (!wheel.TryAdd(receipt, RetryAfterMs))
                    Ready(receipt);
                break;
            default:
                Interlocked.Increment(ref receipt.Journal.Counts.ReceiptsRefused);
                Finish(receipt);
                break;
        }
    }

    /// <summary>No answer in time, or the bind is gone: it goes out again.</summary>
    public void Unanswered(Receipt receipt)
    {
        if (!receipt.Done)
            Ready(receipt);
    }

    private static void Acknowledge(Receipt receipt)
    {
        Interlocked.Increment(ref receipt.Journal.Counts.ReceiptsAcknowledged);
        if (receipt.Index >= 0)
            receipt.Journal[receipt.Index].StatesAcknowledged |= (byte)(1 << (receipt.State - 1));
    }

    private void Finish(Receipt receipt)
    {
        receipt.Done = true;
        Interlocked.Decrement(ref _pending);
    }

    private void PumpOnce()
    {
        CarrierBind[] receiving = binds.Receiving;
        if (receiving.Length == 0)
            return;

        while (_ready.TryPeek(out Receipt? receipt))
        {
            if (!receipt.Done && !TrySend(receiving, receipt))
                return;
            _ready.TryDequeue(out _);
        }
    }

    private bool TrySend(CarrierBind[] receiving, Receipt receipt)
    {
        for (int tries = 0; tries < receiving.Length; tries++)
        {
            CarrierBind bind = receiving[(int)((uint)_nextBind++ % receiving.Length)];
            if (bind.Session.FreeWindow > 0 && bind.Session.TrySend(receipt.Pdu(), receipt))
            {
                Sent(receipt);
                return true;
            }
        }

        return false;
    }

    private static void Sent(Receipt receipt)
    {
        bool again = receipt.Transmissions++ > 0;
        Interlocked.Increment(ref receipt.Journal.Counts.ReceiptsSent);
        if (again)
            Interlocked.Increment(ref receipt.Journal.Counts.ReceiptsRepeated);
        if (receipt.Index < 0)
            return;

        ref var record = ref receipt.Journal[receipt.Index];
        record.ReceiptsSent = (byte)Math.Min(record.ReceiptsSent + 1, byte.MaxValue);
        if (again)
            record.ReceiptsRepeated = (byte)Math.Min(record.ReceiptsRepeated + 1, byte.MaxValue);
    }
}
