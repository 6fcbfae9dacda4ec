using System.Buffers.Binary;
using System.Text;

namespace SmsGateway.Host.Hold;

// Reads what FactWriter wrote. Anything else is a FormatException: a record that breaks off or contradicts itself is set aside, never guessed at.
internal ref struct FactReader(ReadOnlySpan<byte> octets)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest = octets;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new FormatException($"{other} is no flag."),
    };

    public short Short() => BinaryPrimitives.ReadInt16LittleEndian(Take(2));

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public Guid Id() => new(Take(16), bigEndian: true);

    public DateTimeOffset Time()
    {
        var ticks = Long();
        return ticks >= DateTimeOffset.MinValue.Ticks && ticks <= DateTimeOffset.MaxValue.Ticks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw new FormatException("A time is out of range.");
    }

    public DateOnly Day()
    {
        var number = Int();
        return number >= DateOnly.MinValue.DayNumber && number <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber(number)
            : throw new FormatException("A day is out of range.");
    }

    public decimal? Money()
    {
        if (!Flag())
        {
            return null;
        }

        Span<int> bits = [Int(), Int(), Int(), Int()];
        try
        {
            return new decimal(bits);
        }
        catch (ArgumentException error)
        {
            throw new FormatException("An amount is none.", error);
        }
    }

    public string? Text()
    {
        if (Length() is not { } length)
        {
            return null;
        }

        try
        {
            return Strict.GetString(Take(length));
        }
        catch (DecoderFallbackException error)
        {
            throw new FormatException("A text is not UTF-8.", error);
        }
    }

    public string RequiredText() => Text() ?? throw new FormatException("A text is missing.");

    public byte[]? Octets() => Length() is { } length ? Take(length).ToArray() : null;

    public byte[] RequiredOctets() => Octets() ?? throw new FormatException("Octets are missing.");

    /// <summary>A number of items that are at least <paramref name="least"/> octets each, so that a wrong one allocates nothing.</summary>
    public int Count(int least)
    {
        var count = Int();
        return count >= 0 && count <= _rest.Length / least ? count : throw new FormatException("There are fewer items than it says.");
    }

    /// <summary>One of the numbers of an enum.</summary>
    public T Word<T>()
        where T : struct, Enum
    {
        var value = (T)Enum.ToObject(typeof(T), Byte());
        return Enum.IsDefined(value) ? value : throw new FormatException($"{value} is no {typeof(T).Name}.");
    }

    private int? Length()
    {
        var length = Int();
        return length switch
        {
            -1 => null,
            < 0 => throw new FormatException("A length is negative."),
            _ => length,
        };
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new FormatException("The record breaks off.");
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
