using System.Buffers;
using System.Text;
using System.Text.Unicode;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Esme;

// The vendor TLVs of a submit_sm: 0x1401 carrier, 0x1402 client message id, 0x1403 app_id, 0x1404 conversation_id. C-octet
// strings, NUL optional, read as UTF-8 so that the key space is the one of HTTP.
internal readonly record struct SubmitEchoes(string? Carrier, string? ClientMessageId, string? AppId, string? ConversationId)
{
    private const int MaxClientMessageId = 64;
    private const int MaxEcho = 255;
    private const int MostOctetsPerCharacter = 4;

    // As over HTTP.
    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7F).Select(c => (char)c)]);

    public static bool TryRead(TlvList tlvs, out SubmitEchoes echoes, out string fault)
    {
        echoes = default;
        fault = "";
        if (tlvs.Count == 0)
        {
            return true;
        }

        if (!TryText(tlvs, TlvTag.CarrierId, MaxEcho, out var carrier))
        {
            fault = "TLV 0x1401 is no carrier id";
        }
        else if (!TryText(tlvs, TlvTag.ClientMessageId, MaxClientMessageId, out var id) || id is { Length: 0 })
        {
            fault = "TLV 0x1402 is not 1 to 64 printable characters";
        }
        else if (!TryText(tlvs, TlvTag.AppId, MaxEcho, out var app))
        {
            fault = "TLV 0x1403 is not up to 255 printable characters";
        }
        else if (!TryText(tlvs, TlvTag.ConversationId, MaxEcho, out var conversation))
        {
            fault = "TLV 0x1404 is not up to 255 printable characters";
        }
        else
        {
            echoes = new SubmitEchoes(Given(carrier), id, Given(app), Given(conversation));
        }

        return fault.Length == 0;
    }

    /// <summary>The TLV that brings such a value back.</summary>
    public static Tlv Tlv(ushort tag, string value)
    {
        var octets = new byte[Encoding.UTF8.GetByteCount(value) + 1];
        Encoding.UTF8.GetBytes(value, octets);
        return new Tlv(tag, octets);
    }

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static bool TryText(TlvList tlvs, ushort tag, int most, out string? text)
    {
        text = null;
        if (!tlvs.TryGet(tag, out var value))
        {
            return true;
        }

        var octets = value.Span;
        var nul = octets.IndexOf((byte)0);
        octets = nul < 0 ? octets : octets[..nul];
        if (octets.Length > most * MostOctetsPerCharacter || !Utf8.IsValid(octets))
        {
            return false;
        }

        // Characters, not UTF-16 units: a surrogate pair is one.
        text = Encoding.UTF8.GetString(octets);
        return (text.Length <= most || text.EnumerateRunes().Count() <= most) && !text.AsSpan().ContainsAny(Controls);
    }
}
