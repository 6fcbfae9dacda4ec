using SmsGateway.Host.Flow;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Esme;

// The one table from Flow's answers to command_status. Clients retry 0x08, 0x14 and 0x58 and nothing else.
internal static class AcceptanceStatus
{
    /// <summary>Vendor range: the carrier asked for in TLV 0x1401 does not exist or is disabled.</summary>
    public const CommandStatus UnknownCarrier = (CommandStatus)0x401;

    public static CommandStatus Of(AcceptanceKind kind) => kind switch
    {
        AcceptanceKind.Accepted or AcceptanceKind.Duplicate => CommandStatus.Ok,
        AcceptanceKind.Conflict => CommandStatus.SubmitFailed,
        AcceptanceKind.TooLong => CommandStatus.InvalidMessageLength,
        AcceptanceKind.NoRoute => CommandStatus.InvalidDestinationAddress,
        AcceptanceKind.UnknownCarrier => UnknownCarrier,
        AcceptanceKind.RateLimited => CommandStatus.Throttled,
        AcceptanceKind.QueueFull => CommandStatus.MessageQueueFull,
        AcceptanceKind.Unencodable => CommandStatus.SubmitFailed,
        _ => CommandStatus.SystemError,
    };
}
