using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Smpp.Sessions;

// Who may send what in which state: the table of SMPP 3.4, 2.3, seen from the receiving side.
internal static class Permissions
{
    // bound is the state, or the one before Unbinding; weAreServer is true where the peer is the ESME.
    internal static bool PeerMaySend(CommandId command, SessionState bound, bool weAreServer) => command switch
    {
        CommandId.SubmitSm or CommandId.SubmitMulti or CommandId.QuerySm or CommandId.CancelSm or CommandId.ReplaceSm =>
            weAreServer && bound is (SessionState.BoundTransmitter or SessionState.BoundTransceiver),
        CommandId.DeliverSm or CommandId.AlertNotification =>
            !weAreServer && bound is (SessionState.BoundReceiver or SessionState.BoundTransceiver),
        CommandId.BindReceiver or CommandId.BindTransmitter or CommandId.BindTransceiver => weAreServer && bound == SessionState.Open,
        CommandId.Outbind => !weAreServer && bound == SessionState.Open,
        _ => IsBound(bound),
    };

    internal static bool IsBound(SessionState state) =>
        state is SessionState.BoundTransmitter or SessionState.BoundReceiver or SessionState.BoundTransceiver;

    internal static SessionState StateOf(BindType type) => type switch
    {
        BindType.Transmitter => SessionState.BoundTransmitter,
        BindType.Receiver => SessionState.BoundReceiver,
        _ => SessionState.BoundTransceiver,
    };

    // These two have no response in the specification; a nack would only confuse.
    internal static bool HasNoResponse(CommandId command) => command is CommandId.AlertNotification or CommandId.Outbind;
}
