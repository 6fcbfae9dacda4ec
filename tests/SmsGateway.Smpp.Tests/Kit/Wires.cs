using System.Buffers;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Wire;

namespace SmsGateway.Smpp.Tests.Kit;

internal static class Wires
{
    internal static Pdu Decode(string hex) => PduCodec.Decode(new ReadOnlySequence<byte>(Hex.Octets(hex)));

    internal static T Decode<T>(string hex)
        where T : Pdu => Assert.IsType<T>(Decode(hex));

    internal static byte[] Encode(Pdu pdu, uint sequence)
    {
        var output = new ArrayBufferWriter<byte>();
        PduCodec.Encode(output, pdu, sequence);
        return output.WrittenSpan.ToArray();
    }

    internal static string EncodeHex(Pdu pdu, uint sequence) => Hex.Of(Encode(pdu, sequence));
}
