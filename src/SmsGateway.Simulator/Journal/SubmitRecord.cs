namespace SmsGateway.Simulator.Journal;

/// <summary>One submit_sm as the carrier saw it. Compact: its octets are in the journal's arena.</summary>
internal struct SubmitRecord
{
    /// <summary>Arrival, ticks of 100 ns since year 1, UTC.</summary>
    public long ReceivedAt;

    /// <summary>When the response was handed to the socket; 0 = not answered.</summary>
    public long AnsweredAt;

    /// <summary>Hash of the whole payload (FNV-1a).</summary>
    public ulong PayloadHash;

    /// <summary>Where source, destination, id, kept payload and TLVs lie, in this order; -1 = not kept.</summary>
    public long Octets;

    public uint Status;
    public int Bind;
    public ushort PayloadLength;
    public ushort KeptPayload;
    public ushort TlvLength;
    public byte SourceLength;
    public byte DestinationLength;
    public byte IdLength;
    public byte Registered;
    public byte DataCoding;
    public byte EsmClass;

    /// <summary>Receipts made for it: bit n-1 stands for message_state n.</summary>
    public byte States;

    /// <summary>Receipts acknowledged by the gateway, as <see cref="States"/>.</summary>
    public byte StatesAcknowledged;

    /// <summary>deliver_sm written for its receipts, repeats included (stops at 255).</summary>
    public byte ReceiptsSent;

    /// <summary>deliver_sm among them that were repeats, whether by behaviour or for want of an answer (stops at 255).</summary>
    public byte ReceiptsRepeated;

    public readonly bool Answered => AnsweredAt != 0;
}
