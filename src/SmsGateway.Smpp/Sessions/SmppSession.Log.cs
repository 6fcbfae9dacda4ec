using Microsoft.Extensions.Logging;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Smpp.Sessions;

// Never an address, a text or a password: commands, numbers and reasons only.
public sealed partial class SmppSession
{
    [LoggerMessage(6001, LogLevel.Warning, "Closing {RemoteEndPoint}: command_length {CommandLength} cannot be; the octets look like {Protocol}")]
    private partial void ImpossibleLength(string? remoteEndPoint, uint commandLength, string protocol);

    [LoggerMessage(6002, LogLevel.Warning, "{CommandId} #{Sequence} from {RemoteEndPoint} has an unreadable {Field}; answered {Status}")]
    private partial void BodyUnreadable(string? remoteEndPoint, CommandId commandId, uint sequence, string field, CommandStatus status);

    [LoggerMessage(6003, LogLevel.Debug, "{CommandId} #{Sequence} from {RemoteEndPoint} answers nothing of ours")]
    private partial void ResponseUnmatched(string? remoteEndPoint, CommandId commandId, uint sequence);

    [LoggerMessage(6004, LogLevel.Debug, "Session with {RemoteEndPoint} ended ({Reason}); {Lost} requests without a response")]
    private partial void SessionEnded(string? remoteEndPoint, SessionEndReason reason, int lost, Exception? cause);

    [LoggerMessage(6005, LogLevel.Debug, "The transport to {RemoteEndPoint} did not end cleanly")]
    private partial void TransportUncompleted(string? remoteEndPoint, Exception cause);

    // Next free id in Smpp: 6006.
}
