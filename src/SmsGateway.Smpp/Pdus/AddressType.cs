namespace SmsGateway.Smpp.Pdus;

/// <summary>Type of number. SMPP 3.4, 5.2.5.</summary>
public static class Ton
{
    /// <summary>Unknown.</summary>
    public const byte Unknown = 0;

    /// <summary>International.</summary>
    public const byte International = 1;

    /// <summary>National.</summary>
    public const byte National = 2;

    /// <summary>Network specific; many carriers want it for short codes.</summary>
    public const byte NetworkSpecific = 3;

    /// <summary>Alphanumeric.</summary>
    public const byte Alphanumeric = 5;
}

/// <summary>Numbering plan. SMPP 3.4, 5.2.6.</summary>
public static class Npi
{
    /// <summary>Unknown.</summary>
    public const byte Unknown = 0;

    /// <summary>ISDN, E.164.</summary>
    public const byte Isdn = 1;
}
