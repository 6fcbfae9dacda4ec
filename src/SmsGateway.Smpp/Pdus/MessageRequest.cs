using SmsGateway.Smpp.Wire;

namespace SmsGateway.Smpp.Pdus;

/// <summary>The layout that submit_sm and deliver_sm share. SMPP 3.4, 4.4.1 and 4.6.1.</summary>
public abstract record MessageRequest : Pdu
{
    /// <summary>The most octets of short_message.</summary>
    public const int MaxShortMessageLength = 254;

    private protected MessageRequest()
    {
    }

    private protected MessageRequest(in PduHeader header, ref PduReader body)
    {
        Status = header.Status;
        Sequence = header.Sequence;
        ServiceType = body.CString(6, "service_type", CommandStatus.InvalidServiceType);
        SourceAddrTon = body.Byte("source_addr_ton");
        SourceAddrNpi = body.Byte("source_addr_npi");
        SourceAddr = body.CString(21, "source_addr", CommandStatus.InvalidSourceAddress);
        DestAddrTon = body.Byte("dest_addr_ton");
        DestAddrNpi = body.Byte("dest_addr_npi");
        DestinationAddr = body.CString(21, "destination_addr", CommandStatus.InvalidDestinationAddress);
        EsmClass = body.Byte("esm_class");
        ProtocolId = body.Byte("protocol_id");
        PriorityFlag = body.Byte("priority_flag");
        ScheduleDeliveryTime = body.CString(17, "schedule_delivery_time", CommandStatus.InvalidSchedule);
        ValidityPeriod = body.CString(17, "validity_period", CommandStatus.InvalidExpiry);
        RegisteredDelivery = body.Byte("registered_delivery");
        ReplaceIfPresentFlag = body.Byte("replace_if_present_flag");
        DataCoding = body.Byte("data_coding");
        SmDefaultMsgId = body.Byte("sm_default_msg_id");
        ShortMessage = body.ShortMessage();
        Tlvs = body.Tlvs();
    }

    /// <summary>Up to 5 characters.</summary>
    public string ServiceType { get; init; } = "";

    /// <summary>Type of number of the source; see <see cref="Ton"/>.</summary>
    public byte SourceAddrTon { get; init; }

    /// <summary>Numbering plan of the source; see <see cref="Npi"/>.</summary>
    public byte SourceAddrNpi { get; init; }

    /// <summary>Source address, up to 20 characters of Latin 1.</summary>
    public string SourceAddr { get; init; } = "";

    /// <summary>Type of number of the destination; see <see cref="Ton"/>.</summary>
    public byte DestAddrTon { get; init; }

    /// <summary>Numbering plan of the destination; see <see cref="Npi"/>.</summary>
    public byte DestAddrNpi { get; init; }

    /// <summary>Destination address, up to 20 characters of Latin 1.</summary>
    public string DestinationAddr { get; init; } = "";

    /// <summary>Mode, type and features; see <see cref="Pdus.EsmClass"/>.</summary>
    public byte EsmClass { get; init; }

    /// <summary>TP-PID of the air interface.</summary>
    public byte ProtocolId { get; init; }

    /// <summary>0 to 3 by the specification; kept as sent.</summary>
    public byte PriorityFlag { get; init; }

    /// <summary>Empty or 16 characters; see <see cref="Text.SmppTime"/>. Unused in deliver_sm.</summary>
    public string ScheduleDeliveryTime { get; init; } = "";

    /// <summary>Empty or 16 characters; see <see cref="Text.SmppTime"/>. Unused in deliver_sm.</summary>
    public string ValidityPeriod { get; init; } = "";

    /// <summary>Which receipts are wanted; see <see cref="Pdus.RegisteredDelivery"/>.</summary>
    public byte RegisteredDelivery { get; init; }

    /// <summary>0 or 1; kept as sent.</summary>
    public byte ReplaceIfPresentFlag { get; init; }

    /// <summary>Alphabet of the payload. SMPP 3.4, 5.2.19; this gateway's reading in <see cref="Text.DataCoding"/>.</summary>
    public byte DataCoding { get; init; }

    /// <summary>0 for none, else a canned message.</summary>
    public byte SmDefaultMsgId { get; init; }

    /// <summary>Up to 254 octets, starting with the user data header where esm_class says so.</summary>
    public ReadOnlyMemory<byte> ShortMessage { get; init; }

    /// <summary>The optional parameters.</summary>
    public TlvList Tlvs { get; init; } = TlvList.Empty;

    /// <summary>The octets of the message, wherever they are: short_message, or message_payload when that one is empty.</summary>
    public ReadOnlyMemory<byte> Payload =>
        ShortMessage.IsEmpty && Tlvs.TryGet(TlvTag.MessagePayload, out var payload) ? payload : ShortMessage;

    /// <summary>True where short_message and message_payload are both used, which the specification forbids (3.2.3).</summary>
    public bool HasTwoPayloads => !ShortMessage.IsEmpty && Tlvs.Contains(TlvTag.MessagePayload);

    // 5 C-string NULs, 12 single octets (sm_length among them).
    internal sealed override int BodyLength =>
        ServiceType.Length + SourceAddr.Length + DestinationAddr.Length + ScheduleDeliveryTime.Length + ValidityPeriod.Length
        + 5 + 12 + ShortMessage.Length + Tlvs.WireLength;

    internal sealed override void WriteBody(ref PduWriter body)
    {
        body.CString(ServiceType, 6, "service_type");
        body.Byte(SourceAddrTon);
        body.Byte(SourceAddrNpi);
        body.CString(SourceAddr, 21, "source_addr");
        body.Byte(DestAddrTon);
        body.Byte(DestAddrNpi);
        body.CString(DestinationAddr, 21, "destination_addr");
        body.Byte(EsmClass);
        body.Byte(ProtocolId);
        body.Byte(PriorityFlag);
        body.CString(ScheduleDeliveryTime, 17, "schedule_delivery_time");
        body.CString(ValidityPeriod, 17, "validity_period");
        body.Byte(RegisteredDelivery);
        body.Byte(ReplaceIfPresentFlag);
        body.Byte(DataCoding);
        body.Byte(SmDefaultMsgId);
        body.ShortMessage(ShortMessage.Span);
        body.Tlvs(Tlvs);
    }
}
