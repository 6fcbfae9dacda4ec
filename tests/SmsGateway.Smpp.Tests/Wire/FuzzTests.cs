using System.Buffers;
using System.Buffers.Binary;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Receipts;
using SmsGateway.Smpp.Tests.Kit;
using SmsGateway.Smpp.Text;
using SmsGateway.Smpp.Wire;
using Xunit.Abstractions;

namespace SmsGateway.Smpp.Tests.Wire;

// Sound PDUs, hurt at random. SMSGATEWAY_FUZZ_SEED repeats a run.
public class FuzzTests(ITestOutputHelper output)
{
    private const int Rounds = 20_000;
    private const int Max = 4096;

    private static readonly byte[][] Sound =
    [
        Wires.Encode(new SubmitSm { SourceAddr = "12345", DestinationAddr = "447700900123", ValidityPeriod = "000001000000000R", DataCoding = 8, ShortMessage = Hex.Octets("0500036b020100480065006c"), Tlvs = [Tlv.OfUInt16(TlvTag.SarMsgRefNum, 7), Tlv.OfCString(TlvTag.ClientMessageId, "abc")] }, 1),
        Wires.Encode(new DeliverSm { EsmClass = 4, SourceAddr = "447700900123", ShortMessage = "id:abc sub:001 dlvrd:001 submit date:2601011200 done date:2601011201 stat:DELIVRD err:000 text:hello"u8.ToArray(), Tlvs = [Tlv.OfCString(TlvTag.ReceiptedMessageId, "abc"), Tlv.OfByte(TlvTag.MessageState, 2)] }, 2),
        Wires.Encode(new BindRequest { Type = BindType.Transceiver, SystemId = "esme", Password = "secret", AddressRange = "^44" }, 3),
        Wires.Encode(BindResponse.Accepted(BindType.Transceiver, "smsc"), 4),
        Wires.Encode(new SubmitSmResp { MessageId = "m0123456789" }, 5),
        Wires.Encode(new DeliverSmResp(), 6),
        Wires.Encode(new EnquireLink(), 7),
        Wires.Encode(new RawPdu(CommandId.QuerySm, CommandStatus.Ok, 0, Hex.Octets("616200 0000 00")), 8),
    ];

    [Fact]
    public void Hurt_octets_are_read_or_refused_in_one_of_two_ways_and_cost_little()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SMSGATEWAY_FUZZ_SEED"), out var given) ? given : Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        int read = 0, body = 0, length = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var octets = Hurt(random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read += ReadAll(octets);
            }
            catch (PduBodyException)
            {
                body++;
            }
            catch (PduLengthException)
            {
                length++;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {Hex.Of(octets)}: {e}");
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 256 * 1024, $"seed {seed}: {Hex.Of(octets)} cost too much");
        }

        output.WriteLine($"{read} PDUs read, {body} bodies and {length} lengths refused");
        Assert.True(read > 0 && body > 0 && length > 0);
    }

    private static int ReadAll(byte[] octets)
    {
        var read = 0;
        var buffer = new ReadOnlySequence<byte>(octets);
        while (PduFramer.TryReadFrame(ref buffer, Max, out var frame))
        {
            var pdu = PduCodec.Decode(frame);
            if (pdu is MessageRequest message)
                Use(message);

            // What was read can be written, and reading that changes nothing any more.
            var again = Wires.Encode(pdu, pdu.Sequence);
            Assert.Equal(Hex.Of(again), Wires.EncodeHex(PduCodec.Decode(again), pdu.Sequence));
            read++;
        }

        return read;
    }

    // The parsers behind the codec eat the same foreign octets.
    private static void Use(MessageRequest message)
    {
        SmppTime.TryParse(message.ValidityPeriod, DateTimeOffset.UnixEpoch, out _);
        UserDataHeader.TrySplit(message.Payload, out var header, out var rest);
        UserDataHeader.TryGetConcatenation(header.Span, out _);
        foreach (var alphabet in Enum.GetValues<Alphabet>())
        {
            if (DataCoding.TryDecode(alphabet, rest.Span, out var text))
                Segmenter.Cut(text, 1, ReferenceWidth.Bits8, 10);
        }

        if (message is DeliverSm deliver)
            ReceiptReader.TryRead(deliver, out _);
    }

    private static byte[] Hurt(Random random)
    {
        byte[] octets = [.. Sound[random.Next(Sound.Length)], .. Sound[random.Next(Sound.Length)]];
        var wounds = random.Next(4);
        for (var i = 0; i < wounds; i++)
        {
            var at = random.Next(octets.Length);
            switch (random.Next(5))
            {
                case 0:
                    octets[at] = (byte)random.Next(256);
                    break;
                case 1:
                    octets[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    octets = [.. octets[..at], .. octets[Math.Min(at + random.Next(1, 8), octets.Length)..]];
                    break;
                case 3:
                    octets = [.. octets[..at], (byte)random.Next(256), .. octets[at..]];
                    break;
                default:
                    BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)random.Next(0, octets.Length + 1)); // framing moves into a body
                    break;
            }

            if (octets.Length < 8)
                return octets;
        }

        return octets;
    }
}
