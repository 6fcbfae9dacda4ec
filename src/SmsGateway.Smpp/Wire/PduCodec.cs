using System.Buffers;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Smpp.Wire;

/// <summary>Turns frames into PDUs and PDUs into octets.</summary>
public static class PduCodec
{
    /// <summary>Decodes one whole frame. The octets are copied once; nothing of the frame is referenced afterwards.</summary>
    /// <param name="frame">From command_length to the last octet, as <see cref="PduFramer"/> cut it.</param>
    /// <exception cref="PduBodyException">The body does not follow its command's layout.</exception>
    public static Pdu Decode(in ReadOnlySequence<byte> frame)
    {
        Span<byte> head = stackalloc byte[PduHeader.Length];
        frame.Slice(0, PduHeader.Length).CopyTo(head);
        var header = PduHeader.Read(head);
        var body = frame.Length == PduHeader.Length ? [] : frame.Slice(PduHeader.Length).ToArray();
        return Decode(header, body);
    }

    /// <summary>Decodes one whole frame.</summary>
    /// <param name="frame">From command_length to the last octet.</param>
    /// <exception cref="PduBodyException">The body does not follow its command's layout.</exception>
    public static Pdu Decode(ReadOnlySpan<byte> frame) =>
        Decode(PduHeader.Read(frame), frame.Length == PduHeader.Length ? [] : frame[PduHeader.Length..].ToArray());

    /// <summary>Octets of the PDU on the wire, header included.</summary>
    /// <param name="pdu">The PDU.</param>
    public static int Length(Pdu pdu)
    {
        ArgumentNullException.ThrowIfNull(pdu);
        return PduHeader.Length + pdu.BodyLength;
    }

    /// <summary>Encodes a PDU under a number of its own, so that a request need not be copied to be numbered.</summary>
    /// <param name="output">Where the octets go; untouched when this throws.</param>
    /// <param name="pdu">The PDU.</param>
    /// <param name="sequence">The sequence number to write.</param>
    /// <returns>Octets written.</returns>
    /// <exception cref="ArgumentException">A field is longer than the specification allows, or not Latin 1.</exception>
    /// <exception cref="InvalidOperationException">Announced and written lengths differ: a defect here, never let onto the wire.</exception>
    public static int Encode(IBufferWriter<byte> output, Pdu pdu, uint sequence)
    {
        ArgumentNullException.ThrowIfNull(output);
        var length = Length(pdu);
        Encode(output.GetSpan(length)[..length], pdu, sequence);
        output.Advance(length);
        return length;
    }

    /// <summary>Encodes a PDU into exactly <see cref="Length"/> octets.</summary>
    /// <param name="octets">Where they go, of that length.</param>
    /// <param name="pdu">The PDU.</param>
    /// <param name="sequence">The sequence number to write.</param>
    /// <exception cref="ArgumentException">A field is longer than the specification allows, or not Latin 1.</exception>
    /// <exception cref="InvalidOperationException">Announced and written lengths differ: a defect here.</exception>
    public static void Encode(Span<byte> octets, Pdu pdu, uint sequence)
    {
        ArgumentNullException.ThrowIfNull(pdu);
        new PduHeader((uint)octets.Length, pdu.CommandId, pdu.Status, sequence).Write(octets);
        var body = new PduWriter(octets[PduHeader.Length..]);
        pdu.WriteBody(ref body);
        if (body.Written != octets.Length - PduHeader.Length)
            throw new InvalidOperationException($"{pdu.CommandId} announced {octets.Length - PduHeader.Length} octets and wrote {body.Written}");
    }

    private static Pdu Decode(in PduHeader header, byte[] octets)
    {
        var body = new PduReader(header, octets);
        return header.CommandId switch
        {
            CommandId.SubmitSm => new SubmitSm(header, ref body),
            CommandId.SubmitSmResp => SubmitSmResp.Read(header, ref body),
            CommandId.DeliverSm => new DeliverSm(header, ref body),
            CommandId.DeliverSmResp => DeliverSmResp.Read(header, ref body),
            CommandId.EnquireLink => new EnquireLink { Status = header.Status, Sequence = header.Sequence },
            CommandId.EnquireLinkResp => new EnquireLinkResp { Status = header.Status, Sequence = header.Sequence },
            CommandId.BindReceiver or CommandId.BindTransmitter or CommandId.BindTransceiver => BindRequest.Read(header, ref body),
            CommandId.BindReceiverResp or CommandId.BindTransmitterResp or CommandId.BindTransceiverResp =>
                BindResponse.Read(header, ref body),
            CommandId.Unbind => new Unbind { Status = header.Status, Sequence = header.Sequence },
            CommandId.UnbindResp => new UnbindResp { Status = header.Status, Sequence = header.Sequence },
            CommandId.GenericNack => new GenericNack { Status = header.Status, Sequence = header.Sequence },
            _ => new RawPdu(header.CommandId, header.Status, header.Sequence, octets),
        };
    }
}
