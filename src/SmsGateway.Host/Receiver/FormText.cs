using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace SmsGateway.Host.Receiver;

/// <summary>One name or value of application/x-www-form-urlencoded, decoded strictly: a cut escape or bad UTF-8 is refused, never replaced.</summary>
internal static class FormText
{
    private const int OnStack = 1024;

    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out string? text)
    {
        if (!encoded.ContainsAny((byte)'%', (byte)'+'))
        {
            return TryUtf8(encoded, out text);
        }

        byte[]? rented = null;
        var buffer = encoded.Length <= OnStack ? stackalloc byte[OnStack] : rented = ArrayPool<byte>.Shared.Rent(encoded.Length);
        try
        {
            text = null;
            return TryUnescape(encoded, buffer, out var length) && TryUtf8(buffer[..length], out text);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <param name="encoded">Escaped octets.</param>
    /// <param name="buffer">At least as long.</param>
    /// <param name="length">Octets written.</param>
    public static bool TryUnescape(ReadOnlySpan<byte> encoded, Span<byte> buffer, out int length)
    {
        length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var octet = encoded[i];
            if (octet == '+')
            {
                octet = (byte)' ';
            }
            else if (octet == '%')
            {
                if (i + 2 >= encoded.Length || Digit(encoded[i + 1]) is not (>= 0 and var high) || Digit(encoded[i + 2]) is not (>= 0 and var low))
                {
                    return false;
                }

                octet = (byte)((high << 4) | low);
                i += 2;
            }

            buffer[length++] = octet;
        }

        return true;
    }

    private static int Digit(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        _ => -1,
    };

    private static bool TryUtf8(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out string? text)
    {
        text = Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : null;
        return text is not null;
    }
}
