using System.Buffers;
using SmsGateway.Host.Configuration;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Host.Carriers;

// The data_coding an MO carries to customers. Its octets stay as they are; a value that means one thing at a carrier (SMPP 3.4, 5.2.19)
// and another in the table customers know (model service, 8.4) is renamed: 0 is the carrier's own alphabet and 2 is binary there, and the
// message classes from 0xF0 on, which that table lacks, are one or the other.
internal static class MoCoding
{
    private const byte ServiceDefault = 0;
    private const byte OctetsAtCarrier = 2;
    private const byte MessageClasses = 0xF0;
    private const byte EightBitClass = 0x04;

    // Where GSM 03.38 and UTF-8 say the same: nothing has to be renamed, and customers that take 0 for either are right.
    private static readonly SearchValues<byte> SameInBoth = SearchValues.Create(
        "\n\r !\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    public static byte Of(byte dataCoding, byte esmClass, ReadOnlyMemory<byte> payload, CarrierAlphabet carrierDefault) => dataCoding switch
    {
        OctetsAtCarrier => DataCoding.ValueOf(Alphabet.Binary),
        >= MessageClasses when (dataCoding & EightBitClass) != 0 => DataCoding.ValueOf(Alphabet.Binary),
        ServiceDefault or >= MessageClasses => OfDefault(esmClass, payload, carrierDefault),
        _ => dataCoding,
    };

    // Parts of one message have one coding, or what joins them reads the later ones wrongly: of a part nothing is said by its own text.
    private static byte OfDefault(byte esmClass, ReadOnlyMemory<byte> payload, CarrierAlphabet carrierDefault)
    {
        var text = payload;
        var isPart = EsmClass.HasUserDataHeader(esmClass) && UserDataHeader.TrySplit(payload, out var header, out text)
            && UserDataHeader.TryGetConcatenation(header.Span, out var concatenation) && concatenation.Total > 1;
        if (carrierDefault == CarrierAlphabet.Utf8 || (!isPart && !text.Span.ContainsAnyExcept(SameInBoth)))
        {
            return ServiceDefault;
        }

        return DataCoding.ValueOf(carrierDefault == CarrierAlphabet.Latin1 ? Alphabet.Latin1 : Alphabet.Gsm0338);
    }
}
