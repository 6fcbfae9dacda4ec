using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace SmsGateway.Host.Hold;

// Writes the fields of a record, little-endian, texts and octets behind their length. FactReader faces it.
internal readonly struct FactWriter(IBufferWriter<byte> octets)
{
    public void Byte(byte value)
    {
        octets.GetSpan(1)[0] = value;
        octets.Advance(1);
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Short(short value)
    {
        BinaryPrimitives.WriteInt16LittleEndian(octets.GetSpan(2), value);
        octets.Advance(2);
    }

    public void Int(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(octets.GetSpan(4), value);
        octets.Advance(4);
    }

    public void Long(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(octets.GetSpan(8), value);
        octets.Advance(8);
    }

    public void Id(Guid value)
    {
        value.TryWriteBytes(octets.GetSpan(16), bigEndian: true, out _);
        octets.Advance(16);
    }

    public void Time(DateTimeOffset value) => Long(value.UtcTicks);

    public void Day(DateOnly value) => Int(value.DayNumber);

    public void Money(decimal? value)
    {
        Flag(value is not null);
        if (value is { } known)
        {
            Span<int> bits = stackalloc int[4];
            decimal.GetBits(known, bits);
            foreach (var part in bits)
            {
                Int(part);
            }
        }
    }

    /// <summary>-1 stands for null.</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            Int(-1);
            return;
        }

        // A lone surrogate is replaced here as it would be refused by the ledger: nothing that was accepted has one.
        var length = Encoding.UTF8.GetByteCount(value);
        Int(length);
        Encoding.UTF8.GetBytes(value, octets.GetSpan(length));
        octets.Advance(length);
    }

    public void Octets(byte[]? value)
    {
        Int(value?.Length ?? -1);
        if (value is not null)
        {
            octets.Write(value);
        }
    }
}
