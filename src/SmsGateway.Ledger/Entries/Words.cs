namespace SmsGateway.Ledger;

/// <summary>The protocol an account's message came in by, or a delivery is to go out by. Stored as these numbers.</summary>
public enum Protocol : byte
{
    /// <summary>HTTP: the receiver in, the callback out.</summary>
    Http = 1,

    /// <summary>SMPP 3.4: <c>submit_sm</c> in, <c>deliver_sm</c> out.</summary>
    Smpp = 2,
}

/// <summary>Priority of a message, low to high. Stored as these numbers.</summary>
public enum Priority : byte
{
    /// <summary>BULK_LOW.</summary>
    BulkLow = 0,

    /// <summary>BULK.</summary>
    Bulk = 1,

    /// <summary>INTERACTIVE_LOW.</summary>
    InteractiveLow = 2,

    /// <summary>INTERACTIVE.</summary>
    Interactive = 3,
}

/// <summary>Which receipts an account asked for with a message (SMPP 3.4, 5.2.17).</summary>
public enum RegisteredReceipts : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Every receipt.</summary>
    All = 1,

    /// <summary>Only final states other than delivered.</summary>
    Failures = 2,
}

/// <summary>State of a message as a receipt tells it (SMPP 3.4, 5.2.28). Stored as these numbers.</summary>
public enum ReceiptState : byte
{
    /// <summary>On the way.</summary>
    Enroute = 1,

    /// <summary>Delivered to the handset. Final.</summary>
    Delivered = 2,

    /// <summary>Validity ended first. Final.</summary>
    Expired = 3,

    /// <summary>Deleted. Final.</summary>
    Deleted = 4,

    /// <summary>Cannot be delivered. Final.</summary>
    Undeliverable = 5,

    /// <summary>Accepted by an aggregator or by the subscriber.</summary>
    Accepted = 6,

    /// <summary>Not known; may still become final.</summary>
    Unknown = 7,

    /// <summary>Rejected. Final.</summary>
    Rejected = 8,
}

/// <summary>What the numbers of <see cref="ReceiptState"/> mean, in one place.</summary>
public static class ReceiptStates
{
    /// <summary>Whether nothing can follow: 2, 3, 4, 5, 8.</summary>
    public static bool IsFinal(this ReceiptState state) => state == ReceiptState.Delivered || state.IsFailure();

    /// <summary>Whether the message finally failed: 3, 4, 5, 8.</summary>
    public static bool IsFailure(this ReceiptState state) =>
        state is ReceiptState.Expired or ReceiptState.Deleted or ReceiptState.Undeliverable or ReceiptState.Rejected;

    /// <summary>Whether an account that registered like this is owed a receipt of this state.</summary>
    public static bool IsOwed(this ReceiptState state, RegisteredReceipts registered) =>
        registered == RegisteredReceipts.All || (registered == RegisteredReceipts.Failures && state.IsFailure());
}
