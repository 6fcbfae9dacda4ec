using SmsGateway.Smpp.Wire;

namespace SmsGateway.Smpp.Pdus;

/// <summary>unbind: asks for an orderly end of the session. Header only. SMPP 3.4, 4.2.</summary>
public sealed record Unbind : Pdu
{
    /// <inheritdoc/>
    public override CommandId CommandId => CommandId.Unbind;

    internal override int BodyLength => 0;

    internal override void WriteBody(ref PduWriter body)
    {
    }
}

/// <summary>unbind_resp. Header only. SMPP 3.4, 4.2.</summary>
public sealed record UnbindResp : Pdu
{
    /// <inheritdoc/>
    public override CommandId CommandId => CommandId.UnbindResp;

    internal override int BodyLength => 0;

    internal override void WriteBody(ref PduWriter body)
    {
    }
}
