using System.Buffers;
using System.Text;

namespace SmsGateway.Host.Callbacks;

// Builds an application/x-www-form-urlencoded body in UTF-8 (WHATWG URL, section 5.2). A field whose value is null is absent.
internal sealed class FormBody
{
    private const int Longest = 3; // octets a UTF-8 octet may take: %XX
    private static ReadOnlySpan<byte> Hex => "0123456789ABCDEF"u8;

    private readonly ArrayBufferWriter<byte> _octets = new(256);

    public ReadOnlyMemory<byte> Octets => _octets.WrittenMemory;

    /// <summary>Adds a field; the name must need no escaping.</summary>
    public FormBody Add(string name, string? value)
    {
        if (value is null)
        {
            return this;
        }

        if (_octets.WrittenCount > 0)
        {
            _octets.Write("&"u8);
        }

        Encoding.ASCII.GetBytes(name, _octets);
        _octets.Write("="u8);
        Escape(value);
        return this;
    }

    private void Escape(string value)
    {
        Span<byte> utf8 = stackalloc byte[4];
        var to = _octets.GetSpan(value.Length * Longest * 3);
        var at = 0;
        foreach (var rune in value.EnumerateRunes()) // a lone surrogate becomes U+FFFD
        {
            var length = rune.EncodeToUtf8(utf8);
            foreach (var octet in utf8[..length])
            {
                if (octet == (byte)' ')
                {
                    to[at++] = (byte)'+';
                }
                else if (IsPlain(octet))
                {
                    to[at++] = octet;
                }
                else
                {
                    to[at++] = (byte)'%';
                    to[at++] = Hex[octet >> 4];
                    to[at++] = Hex[octet & 15];
                }
            }
        }

        _octets.Advance(at);
    }

    private static bool IsPlain(byte octet) =>
        char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'*' or (byte)'-' or (byte)'.' or (byte)'_';
}
