using System.Buffers;
using SmsGateway.Host.Configuration;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Host.Carriers;

// The data_coding an MO carries to customers. Its octets stay as they are; a value that means one thing at a carrier (SMPP 3.4, 5.2.19)
// and another in the table customers know (model service, 8.4) is renamed: 0 is the carrier's own alphabet and 2 is binary there.
internal static class MoCoding
{
    private const byte ServiceDefault = 0;
    private const byte OctetsAtCarrier = 2;

    // Where GSM 03.38 and UTF-8 say the same: nothing has to be renamed, and customers that take 0 for either are right.
    private static readonly SearchValues<byte> SameInBoth = SearchValues.Create(
        "\n\r !\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    public static byte Of(byte dataCoding, byte esmClass, ReadOnlyMemory<byte> payload, CarrierAlphabet carrierDefault) => dataCoding switch
    {
        OctetsAtCarrier => DataCoding.ValueOf(Alphabet.Binary),
        ServiceDefault when carrierDefault == CarrierAlphabet.Utf8 || !Text(esmClass, payload).Span.ContainsAnyExcept(SameInBoth) => ServiceDefault,
        ServiceDefault => DataCoding.ValueOf(carrierDefault == CarrierAlphabet.Latin1 ? Alphabet.Latin1 : Alphabet.Gsm0338),
        _ => dataCoding,
    };

    private static ReadOnlyMemory<byte> Text(byte esmClass, ReadOnlyMemory<byte> payload) =>
        EsmClass.HasUserDataHeader(esmClass) && UserDataHeader.TrySplit(payload, out _, out var rest) ? rest : payload;
}
