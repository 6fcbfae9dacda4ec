namespace SmsGateway.Host.Hold;

/// <summary>A record that a later version of the program wrote: whole, acknowledged, and not for this one to judge.</summary>
internal sealed class LaterRecordException(string message) : FormatException(message);
