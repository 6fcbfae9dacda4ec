namespace SmsGateway.Simulator.Journal;

// Sums over a journal. Submits and Overflow are written under the carrier's lock, the others by whoever saw the event.
internal sealed class JournalCounts
{
    public long Submits;
    public long Overflow;
    public long AnsweredOk;
    public long AnsweredError;
    public long NeverAnswered;
    public long ReceiptsMade;
    public long FinalReceipts;
    public long ReceiptsSent;
    public long ReceiptsRepeated;
    public long ReceiptsAcknowledged;
    public long ReceiptsRefused;
    public long ReceiptsLostOnPurpose;
    public long ReceiptsDropped;
}
