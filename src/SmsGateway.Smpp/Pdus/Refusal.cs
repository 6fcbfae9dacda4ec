namespace SmsGateway.Smpp.Pdus;

/// <summary>Builds the answer that says no to a request.</summary>
public static class Refusal
{
    /// <summary>The matching response with an error status and no body; generic_nack where we know no response.</summary>
    /// <param name="request">The command of the request.</param>
    /// <param name="status">Why.</param>
    public static Pdu Of(CommandId request, CommandStatus status) => request switch
    {
        CommandId.SubmitSm => new SubmitSmResp { Status = status },
        CommandId.DeliverSm => new DeliverSmResp { Status = status, MessageId = null },
        CommandId.BindReceiver or CommandId.BindTransmitter or CommandId.BindTransceiver =>
            new BindResponse { Type = (BindType)request, Status = status },
        CommandId.Unbind => new UnbindResp { Status = status },
        CommandId.EnquireLink => new EnquireLinkResp { Status = status },
        _ => new GenericNack { Status = status },
    };
}
