using System.Buffers.Text;
using System.Text;
using SmsGateway.Load.Journal;

namespace SmsGateway.Load.Check;

// What all carriers together saw of a run: per message how many submits were taken (answered OK, or never answered) and how many refused,
// when the first of those came, and which receipts the carriers made. Read from lines of GET /submits/export.
internal sealed class CarrierTally(Marker marker, int messages, long originMicros = 0)
{
    private const byte Tab = (byte)'\t';
    private const int MicrosPerUnit = 100;

    // Units of 0.1 ms since the origin, plus one: 59 hours in four octets. 0 = not taken.
    private readonly uint[] _takenAt = new uint[messages];
    private readonly SortedDictionary<string, SecondTally> _seconds = new(StringComparer.Ordinal);
    private readonly byte[] _taken = new byte[messages];
    private readonly byte[] _refused = new byte[messages];
    private readonly byte[] _receiptStates = new byte[messages];

    /// <summary>Submits of this run.</summary>
    public long Submits { get; private set; }

    /// <summary>Messages taken at least once.</summary>
    public int Emitted { get; private set; }

    /// <summary>Arrival of the last submit that was taken, microseconds since 1970.</summary>
    public long LastAt { get; private set; }

    /// <summary>Submits per second, by carrier.</summary>
    public IReadOnlyDictionary<string, SecondTally> Seconds => _seconds;

    public int Taken(int number) => _taken[number];

    /// <summary>Seconds from the origin to the first submit of it that was taken; NaN = none was.</summary>
    public double TakenAfter(int number) => _takenAt[number] == 0 ? double.NaN : (_takenAt[number] - 1) * (MicrosPerUnit / 1e6);

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
        if (!Utf8Parser.TryParse(line[fields[1]], out long at, out _))
            return;
        SecondsOf(line[fields[2]]).Add(at);
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
        LastAt = Math.Max(LastAt, at);
        uint unit = 1 + (uint)Math.Clamp((at - originMicros) / MicrosPerUnit, 0, uint.MaxValue - 1);
        _takenAt[number] = _takenAt[number] == 0 ? unit : Math.Min(_takenAt[number], unit);
    }

    // A bind is CARRIER#NUMBER.
    private SecondTally SecondsOf(ReadOnlySpan<byte> bind)
    {
        int hash = bind.LastIndexOf((byte)'#');
        string carrier = Encoding.ASCII.GetString(hash < 0 ? bind : bind[..hash]);
        if (!_seconds.TryGetValue(carrier, out SecondTally? seconds))
            _seconds[carrier] = seconds = new SecondTally();
        return seconds;
    }
}
