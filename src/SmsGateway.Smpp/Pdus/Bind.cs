using SmsGateway.Smpp.Wire;

namespace SmsGateway.Smpp.Pdus;

/// <summary>Which way messages flow on a bind. The values are the command ids of the requests. SMPP 3.4, 4.1.</summary>
public enum BindType : uint
{
    /// <summary>The client only receives.</summary>
    Receiver = 0x01,

    /// <summary>The client only submits.</summary>
    Transmitter = 0x02,

    /// <summary>Both.</summary>
    Transceiver = 0x09,
}

/// <summary>bind_transmitter, bind_receiver, bind_transceiver. SMPP 3.4, 4.1.1, 4.1.3, 4.1.5.</summary>
public sealed record BindRequest : Pdu
{
    /// <summary>The type asked for; gives the command id.</summary>
    public required BindType Type { get; init; }

    /// <summary>User name, up to 15 characters.</summary>
    public string SystemId { get; init; } = "";

    /// <summary>Password, up to 8 characters.</summary>
    public string Password { get; init; } = "";

    /// <summary>Kind of client system, up to 12 characters.</summary>
    public string SystemType { get; init; } = "";

    /// <summary>0x34 for SMPP 3.4; kept as sent.</summary>
    public byte InterfaceVersion { get; init; } = 0x34;

    /// <summary>Type of number of the range.</summary>
    public byte AddrTon { get; init; }

    /// <summary>Numbering plan of the range.</summary>
    public byte AddrNpi { get; init; }

    /// <summary>Addresses served, a UNIX regular expression of up to 40 characters.</summary>
    public string AddressRange { get; init; } = "";

    /// <summary>None by the specification; kept where a peer sends some.</summary>
    public TlvList Tlvs { get; init; } = TlvList.Empty;

    /// <inheritdoc/>
    public override CommandId CommandId => (CommandId)Type;

    internal override int BodyLength =>
        SystemId.Length + Password.Length + SystemType.Length + AddressRange.Length + 4 + 3 + Tlvs.WireLength;

    internal static BindRequest Read(in PduHeader header, ref PduReader body) => new()
    {
        Type = (BindType)header.CommandId,
        Status = header.Status,
        Sequence = header.Sequence,
        SystemId = body.CString(16, "system_id", CommandStatus.InvalidSystemId),
        Password = body.CString(9, "password", CommandStatus.InvalidPassword),
        SystemType = body.CString(13, "system_type", CommandStatus.InvalidSystemType),
        InterfaceVersion = body.Byte("interface_version"),
        AddrTon = body.Byte("addr_ton"),
        AddrNpi = body.Byte("addr_npi"),
        AddressRange = body.CString(41, "address_range", CommandStatus.InvalidParameterLength),
        Tlvs = body.Tlvs(),
    };

    internal override void WriteBody(ref PduWriter body)
    {
        body.CString(SystemId, 16, "system_id");
        body.CString(Password, 9, "password");
        body.CString(SystemType, 13, "system_type");
        body.Byte(InterfaceVersion);
        body.Byte(AddrTon);
        body.Byte(AddrNpi);
        body.CString(AddressRange, 41, "address_range");
        body.Tlvs(Tlvs);
    }
}

/// <summary>bind_transmitter_resp, bind_receiver_resp, bind_transceiver_resp. SMPP 3.4, 4.1.2, 4.1.4, 4.1.6.</summary>
public sealed record BindResponse : Pdu
{
    /// <summary>The type of the request; gives the command id.</summary>
    public required BindType Type { get; init; }

    /// <summary>Who we are bound to, up to 15 characters; null stands for no body, as with an error status.</summary>
    public string? SystemId { get; init; }

    /// <summary>sc_interface_version, without which strict clients drop every TLV. Written only with a system id.</summary>
    public TlvList Tlvs { get; init; } = TlvList.Empty;

    /// <inheritdoc/>
    public override CommandId CommandId => (CommandId)((uint)Type | 0x80000000);

    internal override int BodyLength => SystemId is null ? 0 : SystemId.Length + 1 + Tlvs.WireLength;

    /// <summary>The answer to a bind that is accepted, with sc_interface_version 0x34.</summary>
    /// <param name="type">The type of the request.</param>
    /// <param name="systemId">Who we are, up to 15 characters.</param>
    public static BindResponse Accepted(BindType type, string systemId) => new()
    {
        Type = type,
        SystemId = systemId,
        Tlvs = InterfaceVersion34,
    };

    private static readonly TlvList InterfaceVersion34 = [Tlv.OfByte(TlvTag.ScInterfaceVersion, 0x34)];

    internal static BindResponse Read(in PduHeader header, ref PduReader body) => new()
    {
        Type = (BindType)((uint)header.CommandId & 0x7FFFFFFF),
        Status = header.Status,
        Sequence = header.Sequence,
        SystemId = body.ResponseName(16, "system_id"),
        Tlvs = body.ResponseTlvs(),
    };

    internal override void WriteBody(ref PduWriter body)
    {
        if (SystemId is null)
            return;
        body.CString(SystemId, 16, "system_id");
        body.Tlvs(Tlvs);
    }
}
