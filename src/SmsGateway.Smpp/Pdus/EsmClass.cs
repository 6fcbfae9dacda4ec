namespace SmsGateway.Smpp.Pdus;

/// <summary>The bits of esm_class. SMPP 3.4, 5.2.12.</summary>
public static class EsmClass
{
    /// <summary>Bits 5 to 2: what kind of message this is.</summary>
    public const byte TypeMask = 0x3C;

    /// <summary>An SMSC delivery receipt, towards the client.</summary>
    public const byte Receipt = 0x04;

    /// <summary>A delivery acknowledgement by the handset.</summary>
    public const byte DeliveryAcknowledgement = 0x08;

    /// <summary>An acknowledgement by the user.</summary>
    public const byte UserAcknowledgement = 0x10;

    /// <summary>An intermediate notification, towards the client.</summary>
    public const byte IntermediateNotification = 0x20;

    /// <summary>The payload starts with a user data header.</summary>
    public const byte UserDataHeader = 0x40;

    /// <summary>Reply path.</summary>
    public const byte ReplyPath = 0x80;

    /// <summary>Store and forward, the mode bits of a submit_sm.</summary>
    public const byte StoreAndForward = 0x03;

    /// <summary>True for a delivery receipt, whatever the mode bits and features.</summary>
    /// <param name="esmClass">The field.</param>
    public static bool IsReceipt(byte esmClass) => (esmClass & TypeMask) == Receipt;

    /// <summary>True for a receipt or an intermediate notification: both speak of an earlier message.</summary>
    /// <param name="esmClass">The field.</param>
    public static bool IsReceiptOrNotification(byte esmClass) =>
        (esmClass & TypeMask) is Receipt or IntermediateNotification;

    /// <summary>True when the payload starts with a user data header.</summary>
    /// <param name="esmClass">The field.</param>
    public static bool HasUserDataHeader(byte esmClass) => (esmClass & UserDataHeader) != 0;
}
