namespace SmsGateway.Smpp.Pdus;

/// <summary>
/// A command_length that cannot be: less than a header, or more than we take. Unrecoverable, framing is lost: close.
/// Thrown before anything is allocated for the PDU.
/// </summary>
public sealed class PduLengthException : Exception
{
    internal PduLengthException(uint commandLength, int maxPduLength)
        : base($"command_length {commandLength} is not between {PduHeader.Length} and {maxPduLength}")
    {
        CommandLength = commandLength;
    }

    /// <summary>The length that was announced, in octets.</summary>
    public uint CommandLength { get; }
}
