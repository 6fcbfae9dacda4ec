namespace SmsGateway.Host.Receiver;

/// <summary>Result codes of the model service, section 7.3, that the receiver gives; 9 is an extension of ours.</summary>
internal static class ResultCodes
{
    public const int Success = 0;
    public const int Authentication = 2;
    public const int CarrierInvalid = 3;
    public const int AlphanumericSender = 4;
    public const int SenderNotAllowed = 5;
    public const int Throttled = 6;
    public const int Duplicate = 7;
    public const int TooLong = 8;
    public const int BadParameter = 9;
    public const int Internal = 98;

    public static ReadOnlySpan<byte> TextOf(int code) => code switch
    {
        Success => "Success"u8,
        Authentication => "Authentication failure"u8,
        CarrierInvalid => "Carrier is invalid"u8,
        AlphanumericSender => "The alphanumeric sender is not allowed"u8,
        SenderNotAllowed => "The sender is not allowed"u8,
        Throttled => "Rejected because of throttle errors; resubmit"u8,
        Duplicate => "The message is a duplicate"u8,
        TooLong => "Message body too long"u8,
        BadParameter => "A parameter is missing or malformed"u8,
        _ => "Internal service error; try again"u8,
    };
}
