namespace SmsGateway.Smpp.Pdus;

/// <summary>The bits of registered_delivery. SMPP 3.4, 5.2.17.</summary>
public static class RegisteredDelivery
{
    /// <summary>No receipt.</summary>
    public const byte None = 0x00;

    /// <summary>A receipt for every final state.</summary>
    public const byte Always = 0x01;

    /// <summary>A receipt only where the message was not delivered.</summary>
    public const byte OnFailure = 0x02;

    /// <summary>Bits 1 and 0: the receipt asked for.</summary>
    public const byte ReceiptMask = 0x03;

    /// <summary>Intermediate notifications are wanted.</summary>
    public const byte Intermediate = 0x10;
}
