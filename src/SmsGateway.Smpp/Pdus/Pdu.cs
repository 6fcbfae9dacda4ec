using SmsGateway.Smpp.Wire;

namespace SmsGateway.Smpp.Pdus;

/// <summary>One SMPP protocol data unit, immutable. SMPP 3.4, section 4.</summary>
/// <remarks>The set is closed: what has no record of its own is a <see cref="RawPdu"/>.</remarks>
public abstract record Pdu
{
    private protected Pdu()
    {
    }

    /// <summary>What the PDU is. SMPP 3.4, 5.1.2.</summary>
    public abstract CommandId CommandId { get; }

    /// <summary>The outcome in a response; <see cref="CommandStatus.Ok"/> in a request. SMPP 3.4, 5.1.3.</summary>
    public CommandStatus Status { get; init; }

    /// <summary>
    /// The sequence number as read, 0x00000001 to 0x7FFFFFFF by the specification, though peers send others. Of no
    /// consequence on a PDU to be sent: the session numbers requests, and a response takes its request's. SMPP 3.4, 5.1.4.
    /// </summary>
    public uint Sequence { get; init; }

    /// <summary>True for every response, generic_nack included.</summary>
    public bool IsResponse => ((uint)CommandId & 0x80000000) != 0;

    /// <summary>Octets that <see cref="WriteBody"/> will write; announced before they are written, and checked after.</summary>
    internal abstract int BodyLength { get; }

    internal abstract void WriteBody(ref PduWriter body);

    /// <summary>Command, sequence number and status only: addresses, passwords and texts do not belong in a log.</summary>
    public sealed override string ToString() => $"{CommandId} #{Sequence} status 0x{(uint)Status:X}";
}
