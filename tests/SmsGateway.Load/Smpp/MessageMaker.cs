using System.Globalization;
using System.Text;
using SmsGateway.Load.Journal;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Load.Smpp;

/// <summary>The submit_sm of a message number; the same octets each time it is made.</summary>
internal sealed class MessageMaker(SmppLoadOptions options, Marker marker)
{
    private readonly string _filling = " " + string.Concat(Enumerable.Repeat("the quick brown fox jumps over the lazy dog ", 8));

    public SubmitSm Make(int number)
    {
        string id = marker.Of(number);
        var text = new byte[Math.Max(options.TextLength, id.Length)];
        Encoding.ASCII.GetBytes(id, text);
        Encoding.ASCII.GetBytes(_filling.AsSpan(0, Math.Min(text.Length - id.Length, _filling.Length)), text.AsSpan(id.Length));
        return new SubmitSm
        {
            SourceAddr = options.Sender,
            DestinationAddr = Destination(options.Prefixes, number),
            RegisteredDelivery = options.Registered,
            PriorityFlag = options.Priority,
            DataCoding = 1,
            ShortMessage = text,
            Tlvs = [Tlv.OfCString(TlvTag.ClientMessageId, id)],
        };
    }

    public static string Destination(IReadOnlyList<string> prefixes, int number)
    {
        string prefix = prefixes[number % prefixes.Count];
        return prefix + number.ToString(CultureInfo.InvariantCulture).PadLeft(12 - prefix.Length, '0');
    }
}
