using System.Buffers;
using System.Buffers.Binary;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Wire;

namespace SmsGateway.Host.Tests.Esme;

// What a broken or hostile client sends: valid PDUs cut at every octet, lengths that cannot be, garbage, changed octets.
// Seeded, so that a failure can be run again.
internal sealed class BadPdus(int seed, bool bound)
{
    private static readonly uint[] Lengths = [0, 15, 1u << 31, uint.MaxValue, 66_001];
    private static readonly byte[][] Valid = [.. Models().Select(Encode)];
    private static readonly byte[] Bind = Encode(new BindRequest { Type = BindType.Transceiver, SystemId = "stranger", Password = "guess" }, 0);

    // Every password that is guessed costs the server 50 ms of one core on purpose: before the bind, binds are cut but never whole.
    private readonly byte[][] _whole = bound ? [.. Valid, Bind] : Valid;
    private readonly byte[][] _cuttable = [.. Valid, Bind];
    private readonly Random _random = new(seed);
    private int _cut;
    private int _model;

    /// <param name="framed">True when the framing stays intact, so that the connection may stay.</param>
    public byte[] Next(out bool framed)
    {
        framed = true;
        switch (_random.Next(100))
        {
            case < 50:
                return Cut();
            case < 95:
                return Changed();
            case < 98:
                framed = false;
                return Length(Lengths[_random.Next(Lengths.Length)]);
            default:
                framed = false;
                var garbage = new byte[_random.Next(4, 200)];
                _random.NextBytes(garbage);
                garbage[0] |= 0x80; // as a length, more than anybody takes
                return garbage;
        }
    }

    // Each model at each length in turn, with a command_length that fits.
    private byte[] Cut()
    {
        if (16 + ++_cut >= _cuttable[_model].Length)
        {
            _cut = 0;
            _model = (_model + 1) % _cuttable.Length;
        }

        var cut = _cuttable[_model][..(16 + _cut)];
        BinaryPrimitives.WriteUInt32BigEndian(cut, (uint)cut.Length);
        return cut;
    }

    private byte[] Changed()
    {
        var changed = (byte[])_whole[_random.Next(_whole.Length)].Clone();
        for (var i = _random.Next(1, 5); i > 0; i--)
        {
            changed[_random.Next(8, changed.Length)] = (byte)_random.Next(256);
        }

        return changed;
    }

    private byte[] Length(uint length)
    {
        var head = new byte[16];
        _random.NextBytes(head);
        BinaryPrimitives.WriteUInt32BigEndian(head, length);
        return head;
    }

    private static IEnumerable<Pdu> Models()
    {
        var message = EsmeBench.Message("The quick brown fox jumps over the lazy dog") with { SourceAddr = "12345" };
        yield return message;
        yield return message with
        {
            Tlvs = [Tlv.OfCString(TlvTag.ClientMessageId, "order-4711"), Tlv.OfUInt16(TlvTag.SarMsgRefNum, 7), Tlv.OfByte(TlvTag.SarTotalSegments, 2)],
        };
        yield return message with { ShortMessage = default, Tlvs = [new Tlv(TlvTag.MessagePayload, new byte[300])] };
        yield return new DeliverSm { SourceAddr = "1", DestinationAddr = "2", ShortMessage = "x"u8.ToArray() };
        yield return new SubmitSmResp { MessageId = "nothing asked" };
        yield return new DeliverSmResp();
        yield return new RawPdu(CommandId.QuerySm, CommandStatus.Ok, 1, "abc\0"u8.ToArray());
    }

    public static byte[] Encode(Pdu pdu, int index)
    {
        var output = new ArrayBufferWriter<byte>();
        PduCodec.Encode(output, pdu, (uint)index + 1000);
        return output.WrittenSpan.ToArray();
    }
}
