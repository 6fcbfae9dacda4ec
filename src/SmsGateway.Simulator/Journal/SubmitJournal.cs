using System.Buffers.Binary;
using System.Text;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Simulator.Journal;

// Everything a carrier was handed, in order of arrival. One writer at a time (the carrier's lock); readers need no lock: a record is complete
// before the count covers it. Bounded by records and by octets; beyond the records a submit is only counted, and the summary says so.
internal sealed class SubmitJournal(int capacity)
{
    private const int ChunkSize = 1 << 14;
    private const int MaxKeptPayload = 512;

    private readonly SubmitRecord[]?[] _chunks = new SubmitRecord[(capacity + ChunkSize - 1) / ChunkSize][];
    private readonly OctetArena _arena = new(Math.Max(1L << 20, capacity * 256L));
    private int _count;

    /// <summary>Counts of what happened; also beyond the capacity.</summary>
    public JournalCounts Counts { get; } = new();

    /// <summary>Records kept.</summary>
    public int Count => Volatile.Read(ref _count);

    public ref SubmitRecord this[int index] => ref _chunks[index / ChunkSize]![index % ChunkSize];

    /// <summary>Notes a submit. Returns its index, or -1 when the journal is full.</summary>
    public int Append(SubmitSm submit, int bind, string id, CommandStatus status, long now)
    {
        Counts.Submits++;
        if (_count == capacity)
        {
            Counts.Overflow++;
            return -1;
        }

        SubmitRecord[] chunk = _chunks[_count / ChunkSize] ??= new SubmitRecord[ChunkSize];
        ref SubmitRecord record = ref chunk[_count % ChunkSize];
        ReadOnlySpan<byte> payload = submit.Payload.Span;
        record.ReceivedAt = now;
        record.Bind = bind;
        record.Status = (uint)status;
        record.PayloadHash = PayloadHash.Of(payload);
        record.PayloadLength = (ushort)Math.Min(payload.Length, ushort.MaxValue);
        record.Registered = submit.RegisteredDelivery;
        record.DataCoding = submit.DataCoding;
        record.EsmClass = submit.EsmClass;
        KeepOctets(ref record, submit, id, payload);
        Volatile.Write(ref _count, _count + 1);
        return _count - 1;
    }

    public string Source(in SubmitRecord record) => Text(record, 0, record.SourceLength);

    public string Destination(in SubmitRecord record) => Text(record, record.SourceLength, record.DestinationLength);

    public string Id(in SubmitRecord record) => Text(record, record.SourceLength + record.DestinationLength, record.IdLength);

    /// <summary>The first octets of the payload, user data header included.</summary>
    public ReadOnlySpan<byte> Payload(in SubmitRecord record)
        => Octets(record, record.SourceLength + record.DestinationLength + record.IdLength, record.KeptPayload);

    /// <summary>The client's TLVs as on the wire, message_payload left out.</summary>
    public ReadOnlySpan<byte> Tlvs(in SubmitRecord record)
        => Octets(record, record.SourceLength + record.DestinationLength + record.IdLength + record.KeptPayload, record.TlvLength);

    private void KeepOctets(ref SubmitRecord record, SubmitSm submit, string id, ReadOnlySpan<byte> payload)
    {
        int kept = Math.Min(payload.Length, MaxKeptPayload);
        int tlvs = TlvLength(submit.Tlvs);
        int length = submit.SourceAddr.Length + submit.DestinationAddr.Length + id.Length + kept + tlvs;
        record.Octets = _arena.Append(length, out Span<byte> room);
        if (record.Octets < 0)
            return;

        record.SourceLength = (byte)Encoding.Latin1.GetBytes(submit.SourceAddr, room);
        room = room[record.SourceLength..];
        record.DestinationLength = (byte)Encoding.Latin1.GetBytes(submit.DestinationAddr, room);
        room = room[record.DestinationLength..];
        record.IdLength = (byte)Encoding.Latin1.GetBytes(id, room);
        room = room[record.IdLength..];
        payload[..kept].CopyTo(room);
        record.KeptPayload = (ushort)kept;
        record.TlvLength = (ushort)tlvs;
        if (tlvs > 0)
            WriteTlvs(submit.Tlvs, room[kept..]);
    }

    private static int TlvLength(TlvList tlvs)
    {
        int length = 0;
        for (int i = 0; i < tlvs.Count; i++)
            length += tlvs[i].Tag == TlvTag.MessagePayload ? 0 : 4 + tlvs[i].Value.Length;
        return length <= 4096 ? length : 0;
    }

    private static void WriteTlvs(TlvList tlvs, Span<byte> room)
    {
        for (int i = 0; i < tlvs.Count; i++)
        {
            Tlv tlv = tlvs[i];
            if (tlv.Tag == TlvTag.MessagePayload)
                continue;
            BinaryPrimitives.WriteUInt16BigEndian(room, tlv.Tag);
            BinaryPrimitives.WriteUInt16BigEndian(room[2..], (ushort)tlv.Value.Length);
            tlv.Value.Span.CopyTo(room[4..]);
            room = room[(4 + tlv.Value.Length)..];
        }
    }

    private string Text(in SubmitRecord record, int offset, int length)
        => length == 0 ? "" : Encoding.Latin1.GetString(Octets(record, offset, length));

    private ReadOnlySpan<byte> Octets(in SubmitRecord record, int offset, int length)
        => record.Octets < 0 ? default : _arena.Read(record.Octets + offset, length);
}
