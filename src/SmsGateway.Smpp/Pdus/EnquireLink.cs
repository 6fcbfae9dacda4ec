using SmsGateway.Smpp.Wire;

namespace SmsGateway.Smpp.Pdus;

/// <summary>enquire_link: asks whether the peer is alive. Header only. SMPP 3.4, 4.11.</summary>
public sealed record EnquireLink : Pdu
{
    /// <inheritdoc/>
    public override CommandId CommandId => CommandId.EnquireLink;

    internal override int BodyLength => 0;

    internal override void WriteBody(ref PduWriter body)
    {
    }
}

/// <summary>enquire_link_resp. Header only. SMPP 3.4, 4.11.</summary>
public sealed record EnquireLinkResp : Pdu
{
    /// <inheritdoc/>
    public override CommandId CommandId => CommandId.EnquireLinkResp;

    internal override int BodyLength => 0;

    internal override void WriteBody(ref PduWriter body)
    {
    }
}
