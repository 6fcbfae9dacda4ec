namespace SmsGateway.Smpp.Receipts;

/// <summary>State of a message. SMPP 3.4, 5.2.28.</summary>
public enum MessageState : byte
{
    /// <summary>Under way; text ENROUTE.</summary>
    Enroute = 1,

    /// <summary>Final: at the handset; text DELIVRD.</summary>
    Delivered = 2,

    /// <summary>Final: validity ended; text EXPIRED.</summary>
    Expired = 3,

    /// <summary>Final: cancelled; text DELETED.</summary>
    Deleted = 4,

    /// <summary>Final: cannot be delivered; text UNDELIV.</summary>
    Undeliverable = 5,

    /// <summary>Taken over by hand on behalf of the subscriber; text ACCEPTD. Carriers use it as an intermediate state.</summary>
    Accepted = 6,

    /// <summary>Invalid state; text UNKNOWN.</summary>
    Unknown = 7,

    /// <summary>Final: rejected; text REJECTD.</summary>
    Rejected = 8,
}
