using SmsGateway.Simulator.Behaviour;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Simulator.Carrier;

/// <summary>The deliver_sm of a receipt: addresses swapped, esm_class 0x04, text and TLVs as the behaviour says. SMPP 3.4, 2.11 and appendix B.</summary>
internal static class ReceiptPdu
{
    public static Receipt Make(CarrierRooms rooms, ReceiptBehaviour behaviour, SubmitSm submit, in SubmitVerdict verdict, byte state)
    {
        string id = IdFormat.InReceipt(verdict.IdNumber, verdict.Id, rooms.Behaviour.Current.Ids, behaviour.IdNotation);
        DateTimeOffset submitted = rooms.Time.GetUtcNow();
        return new Receipt(rooms.Receipts, verdict.Journal, verdict.Index, state, 1 + behaviour.RepeatCount,
            () => Write(behaviour, submit, id, state, submitted, rooms.Time.GetUtcNow()));
    }

    private static DeliverSm Write(
        ReceiptBehaviour behaviour, SubmitSm submit, string id, byte state, DateTimeOffset submitted, DateTimeOffset done) => new()
        {
            SourceAddr = submit.DestinationAddr,
            SourceAddrTon = submit.DestAddrTon,
            SourceAddrNpi = submit.DestAddrNpi,
            DestinationAddr = submit.SourceAddr,
            DestAddrTon = submit.SourceAddrTon,
            DestAddrNpi = submit.SourceAddrNpi,
            EsmClass = EsmClass.Receipt,
            ShortMessage = ReceiptTextWriter.Write(behaviour.Dialect, id, state, submitted, done, ReceiptTextWriter.Excerpt(submit)),
            Tlvs = behaviour.Tlvs || behaviour.Dialect == ReceiptDialect.Empty
                ? [Tlv.OfCString(TlvTag.ReceiptedMessageId, id), Tlv.OfByte(TlvTag.MessageState, state)]
                : TlvList.Empty,
        };
}
