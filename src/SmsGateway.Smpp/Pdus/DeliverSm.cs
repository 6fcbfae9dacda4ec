using SmsGateway.Smpp.Wire;

namespace SmsGateway.Smpp.Pdus;

/// <summary>deliver_sm: a message or a receipt to a client. SMPP 3.4, 4.6.1.</summary>
public sealed record DeliverSm : MessageRequest
{
    /// <summary>An empty message, to be filled with an object initialiser.</summary>
    public DeliverSm()
    {
    }

    internal DeliverSm(in PduHeader header, ref PduReader body)
        : base(header, ref body)
    {
    }

    /// <inheritdoc/>
    public override CommandId CommandId => CommandId.DeliverSm;
}

/// <summary>deliver_sm_resp. SMPP 3.4, 4.6.2.</summary>
public sealed record DeliverSmResp : Pdu
{
    /// <summary>Unused and empty by the specification; null where the peer left the octet out.</summary>
    public string? MessageId { get; init; } = "";

    /// <summary>None by SMPP 3.4; kept where a peer sends some. Written only with a message id.</summary>
    public TlvList Tlvs { get; init; } = TlvList.Empty;

    /// <inheritdoc/>
    public override CommandId CommandId => CommandId.DeliverSmResp;

    internal override int BodyLength => MessageId is null ? 0 : MessageId.Length + 1 + Tlvs.WireLength;

    internal static DeliverSmResp Read(in PduHeader header, ref PduReader body) => new()
    {
        Status = header.Status,
        Sequence = header.Sequence,
        MessageId = body.ResponseCString(65, "message_id", CommandStatus.InvalidMessageId),
        Tlvs = body.Tlvs(),
    };

    internal override void WriteBody(ref PduWriter body)
    {
        if (MessageId is null)
            return;
        body.CString(MessageId, 65, "message_id");
        body.Tlvs(Tlvs);
    }
}
