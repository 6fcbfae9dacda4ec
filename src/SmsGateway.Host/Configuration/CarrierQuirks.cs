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

    /// <summary>Type of number of every source address; null = by kind: alphanumeric 5, short code 3, number 1 (SMPP 3.4, 5.2.5).</summary>
    public byte? SourceTon { get; init; }

    /// <summary>Numbering plan of every source address; null = by kind: number 1, else 0 (SMPP 3.4, 5.2.6).</summary>
    public byte? SourceNpi { get; init; }

    /// <summary>Type of number of destinations; null = 1, international.</summary>
    public byte? DestinationTon { get; init; }

    /// <summary>Numbering plan of destinations; null = 1, ISDN.</summary>
    public byte? DestinationNpi { get; init; }

    /// <summary>Whether the carrier is told how long a message is valid (a relative validity_period). False leaves it to the carrier's default.</summary>
    public bool SendValidity { get; init; } = true;

    /// <summary>Tag of the TLV in which this carrier gives an MO its id; null = it gives none.</summary>
    public ushort? MoIdTlv { get; init; }
}
