using SmsGateway.Smpp.Wire;

namespace SmsGateway.Smpp.Pdus;

/// <summary>submit_sm: a message from a client. SMPP 3.4, 4.4.1.</summary>
public sealed record SubmitSm : MessageRequest
{
    /// <summary>An empty message, to be filled with an object initialiser.</summary>
    public SubmitSm()
    {
    }

    internal SubmitSm(in PduHeader header, ref PduReader body)
        : base(header, ref body)
    {
    }

    /// <inheritdoc/>
    public override CommandId CommandId => CommandId.SubmitSm;
}

/// <summary>submit_sm_resp. SMPP 3.4, 4.4.2.</summary>
public sealed record SubmitSmResp : Pdu
{
    /// <summary>The id we gave the message, up to 64 characters; null stands for no body, as with an error status.</summary>
    public string? MessageId { get; init; }

    /// <summary>None by SMPP 3.4; kept where a peer sends some. Written only with a message id.</summary>
    public TlvList Tlvs { get; init; } = TlvList.Empty;

    /// <inheritdoc/>
    public override CommandId CommandId => CommandId.SubmitSmResp;

    internal override int BodyLength => MessageId is null ? 0 : MessageId.Length + 1 + Tlvs.WireLength;

    internal static SubmitSmResp Read(in PduHeader header, ref PduReader body) => new()
    {
        Status = header.Status,
        Sequence = header.Sequence,
        MessageId = body.ResponseCString(65, "message_id", CommandStatus.InvalidMessageId),
        Tlvs = body.ResponseTlvs(),
    };

    internal override void WriteBody(ref PduWriter body)
    {
        if (MessageId is null)
            return;
        body.CString(MessageId, 65, "message_id");
        body.Tlvs(Tlvs);
    }
}
