using System.Buffers.Text;
using SmsGateway.Load.Journal;

namespace SmsGateway.Load.Check;

// What all carriers together saw of a run: per message how many submits were taken (answered OK, or never answered) and how many refused,
// and which receipts the carriers made. Read from lines of GET /submits/export.
internal sealed class CarrierTally(Marker marker, int messages)
{
    private const byte Tab = (byte)'\t';

    private readonly byte[] _taken = new byte[messages];
    private readonly byte[] _refused = new byte[messages];
    private readonly byte[] _receiptStates = new byte[messages];

    /// <summary>Submits of this run.</summary>
    public long Submits { get; private set; }

    /// <summary>Messages taken at least once.</summary>
    public int Emitted { get; private set; }

    /// <summary>Arrival of the last submit that was taken, microseconds since 1970.</summary>
    public long LastAt { get; private set; }

    public int Taken(int number) => _taken[number];

    public int Refused(int number) => _refused[number];

    /// <summary>States of receipts the carriers made for it: bit n-1 stands for message_state n.</summary>
    public byte ReceiptStates(int number) => _receiptStates[number];

    /// <summary>Takes one line. Lines of other runs are passed over.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        // order, arrival, bind, source, destination, id, status, states, states acknowledged, sent, repeated, hash, payload
        Span<Range> fields = stackalloc Range[13];
        int count = 0;
        foreach (Range field in line.Split(Tab))
        {
            if (count == fields.Length - 1)
            {
                fields[count++] = field.Start..;
                break;
            }

            fields[count++] = field;
        }

        if (count < fields.Length || marker.Parse(line[fields[12]]) is not (>= 0 and int number) || number >= messages)
            return;

        Submits++;
        ReadOnlySpan<byte> status = line[fields[6]];
        if (status is not ([(byte)'0'] or [(byte)'-']))
        {
            _refused[number]++;
            return;
        }

        if (_taken[number]++ == 0)
            Emitted++;
        if (Utf8Parser.TryParse(line[fields[7]], out byte states, out _))
            _receiptStates[number] |= states;
        if (Utf8Parser.TryParse(line[fields[1]], out long at, out _))
            LastAt = Math.Max(LastAt, at);
    }
}
