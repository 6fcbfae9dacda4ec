namespace SmsGateway.Host.Configuration;

/// <summary>Where one carrier differs from the others.</summary>
internal sealed record CarrierQuirks
{
    /// <summary>How the id in submit_sm_resp is written.</summary>
    public IdNotation SubmitIdNotation { get; init; } = IdNotation.Text;

    /// <summary>How the same id is written in receipts.</summary>
    public IdNotation ReceiptIdNotation { get; init; } = IdNotation.Text;

    /// <summary>What data_coding 0 means on the wire to and from this carrier.</summary>
    public CarrierAlphabet DefaultAlphabet { get; init; } = CarrierAlphabet.Gsm0338;

    /// <summary>Offset from UTC of the dates in receipt texts, in minutes.</summary>
    public int ReceiptTimeZoneMinutes { get; init; }

    public byte SourceTon { get; init; }

    public byte SourceNpi { get; init; }

    public byte DestinationTon { get; init; }

    public byte DestinationNpi { get; init; }

    /// <summary>Tag of the TLV in which this carrier gives an MO its id; null = it gives none.</summary>
    public ushort? MoIdTlv { get; init; }
}
