namespace SmsGateway.Smpp.Sessions;

/// <summary>Where a session stands. SMPP 3.4, 2.2.</summary>
public enum SessionState
{
    /// <summary>Connected, not bound.</summary>
    Open,

    /// <summary>Bound: the client submits.</summary>
    BoundTransmitter,

    /// <summary>Bound: the client receives.</summary>
    BoundReceiver,

    /// <summary>Bound: both.</summary>
    BoundTransceiver,

    /// <summary>We have sent unbind: no new requests of ours; those of the peer are still answered.</summary>
    Unbinding,

    /// <summary>Over: nothing more is taken or sent, except what was queued before an orderly end.</summary>
    Closed,
}
