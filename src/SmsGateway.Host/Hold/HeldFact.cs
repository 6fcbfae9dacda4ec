using SmsGateway.Ledger;

namespace SmsGateway.Host.Hold;

// What a record of the journal is about; written as these numbers.
internal enum FactKind : byte
{
    /// <summary>An MT that was accepted.</summary>
    Submission = 1,

    /// <summary>A carrier's receipt.</summary>
    Receipt = 2,

    /// <summary>A carrier's receipt that could not be read.</summary>
    UnreadableReceipt = 3,

    /// <summary>An MO.</summary>
    Mo = 4,

    /// <summary>How an attempt ended.</summary>
    Outcome = 5,

    /// <summary>A customer has what it was owed.</summary>
    Acknowledgement = 6,
}

// Something that the ledger would have been told. One type per kind, so that the journal's commit and its playback see what they hold.
internal abstract record HeldFact(FactKind Kind, DateTimeOffset At)
{
    public static readonly FactKind[] Kinds = Enum.GetValues<FactKind>();
}

// FirstAttempt: the claim's COMMIT is unknown, and that attempt, if it stands, was not sent.
internal sealed record HeldSubmission(NewEntry Entry) : HeldFact(FactKind.Submission, Entry.AcceptedAt);

internal sealed record HeldReceipt(CarrierReceipt Receipt) : HeldFact(FactKind.Receipt, Receipt.At);

internal sealed record HeldUnreadable(Guid Id, string Connector, byte[] Octets, string Reason, DateTimeOffset CameAt) : HeldFact(FactKind.UnreadableReceipt, CameAt);

internal sealed record HeldMo(NewMo Mo) : HeldFact(FactKind.Mo, Mo.At);

internal sealed record HeldOutcome(AttemptOutcome Outcome) : HeldFact(FactKind.Outcome, Outcome.EndedAt);

internal sealed record HeldAcknowledgement(DeliveryAck Ack, DateTimeOffset CameAt) : HeldFact(FactKind.Acknowledgement, CameAt);
