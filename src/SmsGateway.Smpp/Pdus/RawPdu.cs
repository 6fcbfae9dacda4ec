using SmsGateway.Smpp.Wire;

namespace SmsGateway.Smpp.Pdus;

/// <summary>A PDU kept as octets: commands without a record of their own, known to the specification or not.</summary>
public sealed record RawPdu : Pdu
{
    /// <summary>Keeps a PDU as octets.</summary>
    /// <param name="commandId">The command_id.</param>
    /// <param name="status">The command_status.</param>
    /// <param name="sequence">The sequence number.</param>
    /// <param name="body">The octets after the header; not copied.</param>
    public RawPdu(CommandId commandId, CommandStatus status, uint sequence, ReadOnlyMemory<byte> body)
    {
        CommandId = commandId;
        Status = status;
        Sequence = sequence;
        Body = body;
    }

    /// <inheritdoc/>
    public override CommandId CommandId { get; }

    /// <summary>The octets after the header.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    internal override int BodyLength => Body.Length;

    internal override void WriteBody(ref PduWriter body) => body.Octets(Body.Span);
}
