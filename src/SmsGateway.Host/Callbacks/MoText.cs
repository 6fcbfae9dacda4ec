using System.Text;
using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Host.Callbacks;

// The text of an MO as its callback carries it: without user data header, read by its data_coding. Octets that are not text of their
// alphabet (binary messages, a carrier's mistake) are passed one to one as ISO 8859-1, so that nothing is lost and a customer can get them back.
internal static class MoText
{
    public static string Of(Delivery mo, Alphabet carrierDefault)
    {
        ReadOnlyMemory<byte> octets = mo.Body ?? [];
        if ((mo.EsmClass & EsmClass.UserDataHeader) != 0 && UserDataHeader.TrySplit(octets, out _, out var rest))
        {
            octets = rest;
        }

        return DataCoding.TryGetAlphabet(mo.DataCoding, carrierDefault, out var alphabet)
            && DataCoding.TryDecode(alphabet, octets.Span, out var text)
            ? text
            : Encoding.Latin1.GetString(octets.Span);
    }

    public static Alphabet Of(CarrierAlphabet alphabet) => alphabet switch
    {
        CarrierAlphabet.Latin1 => Alphabet.Latin1,
        CarrierAlphabet.Utf8 => Alphabet.Utf8,
        _ => Alphabet.Gsm0338,
    };
}
