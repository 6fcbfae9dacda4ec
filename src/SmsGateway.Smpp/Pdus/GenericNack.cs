using SmsGateway.Smpp.Wire;

namespace SmsGateway.Smpp.Pdus;

/// <summary>
/// generic_nack: answers a PDU of bad length (0x02) or unknown command (0x03), with its sequence number, or 0 when that could
/// not be read. Header only. SMPP 3.4, 4.3.
/// </summary>
public sealed record GenericNack : Pdu
{
    /// <inheritdoc/>
    public override CommandId CommandId => CommandId.GenericNack;

    internal override int BodyLength => 0;

    internal override void WriteBody(ref PduWriter body)
    {
    }
}
