using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Flow;

// The sar_* TLVs (SMPP 3.4, 5.3.2.22 to 24), which say what a concatenation header says. Carriers (MTs) and customers (MOs) get the header.
internal static class SarPart
{
    /// <param name="tlvs">The parameters of the submit_sm or deliver_sm.</param>
    /// <param name="bad">The triple is there and its numbers, or their lengths, are impossible.</param>
    /// <returns>Null unless all three are there: then they are ignored, as the specification asks.</returns>
    public static ConcatPart? Read(TlvList tlvs, out bool bad)
    {
        bad = false;
        if (tlvs.Count < 3
            || !tlvs.TryGet(TlvTag.SarMsgRefNum, out _)
            || !tlvs.TryGet(TlvTag.SarTotalSegments, out _)
            || !tlvs.TryGet(TlvTag.SarSegmentSeqnum, out _))
        {
            return null;
        }

        bad = !tlvs.TryGetUInt16(TlvTag.SarMsgRefNum, out var reference)
            | !tlvs.TryGetByte(TlvTag.SarTotalSegments, out var total)
            | !tlvs.TryGetByte(TlvTag.SarSegmentSeqnum, out var number)
            || total == 0 || number == 0 || number > total;
        return bad ? null : new ConcatPart(reference, total, number);
    }

    /// <summary>An 8-bit concatenation header with the low octet of the reference: clients that leave the header to us cut at 153 septets,
    /// and the 16-bit one leaves room for 152 only.</summary>
    public static byte[] Header(ConcatPart part) => [0x05, 0x00, 0x03, (byte)part.Reference, part.Total, part.Number];
}
