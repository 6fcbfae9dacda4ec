using System.Net;
using SmsGateway.Host.Operations;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Esme;

// What this edge logs. What a client can cause thousands of times a second goes through a gate of one line a second.
internal sealed partial class EsmeLog(ILogger<EsmeServer> logger, TimeProvider time)
{
    private readonly LogGate _refusedConnections = new(time);
    private readonly LogGate _refusedBinds = new(time);
    private readonly LogGate _refusedSubmits = new(time);
    private readonly LogGate _failedSubmits = new(time);
    private readonly LogGate _overdue = new(time);
    private readonly LogGate _parked = new(time);

    public void ConnectionRefused(EndPoint? peer, string reason)
    {
        if (_refusedConnections.TryPass(out var more))
        {
            ConnectionRefused(logger, peer, reason, more);
        }
    }

    public void Bound(string bind, BindType type, string? peer) => Bound(logger, bind, type, peer);

    public void BindRefused(string systemId, string? peer, CommandStatus status, string reason)
    {
        if (_refusedBinds.TryPass(out var more))
        {
            BindRefused(logger, Shown(systemId), peer, (uint)status, reason, more);
        }
    }

    public void Ended(string bind, string? peer, SessionEndReason reason, int unanswered) => Ended(logger, bind, peer, reason, unanswered);

    public void SubmitRefused(string bind, CommandStatus status, string fault)
    {
        if (_refusedSubmits.TryPass(out var more))
        {
            SubmitRefused(logger, bind, (uint)status, fault, more);
        }
    }

    public void SubmitFailed(string bind, Exception error)
    {
        if (_failedSubmits.TryPass(out var more))
        {
            SubmitFailed(logger, error, bind, more);
        }
    }

    public void DeliveryOverdue(string bind)
    {
        if (_overdue.TryPass(out var more))
        {
            DeliveryOverdue(logger, bind, more);
        }
    }

    public void DeliveryParked(string bind, Guid delivery, CommandStatus status)
    {
        if (_parked.TryPass(out var more))
        {
            DeliveryParked(logger, delivery, bind, (uint)status, more);
        }
    }

    public void Dropped(string? account, string? peer) => Dropped(logger, account, peer);

    // A stranger's octets: nothing but plain letters reaches the log.
    private static string Shown(string systemId) => string.Create(systemId.Length, systemId, static (shown, text) =>
    {
        for (var i = 0; i < shown.Length; i++)
        {
            shown[i] = char.IsAsciiLetterOrDigit(text[i]) || text[i] is '-' or '_' or '.' ? text[i] : '?';
        }
    });

    [LoggerMessage(2001, LogLevel.Warning, "A connection from {Peer} was closed at once: {Reason} (and {More} more since the last line)")]
    private static partial void ConnectionRefused(ILogger logger, EndPoint? peer, string reason, int more);

    [LoggerMessage(2002, LogLevel.Information, "Bind {Bind} ({Type}) from {Peer}")]
    private static partial void Bound(ILogger logger, string bind, BindType type, string? peer);

    [LoggerMessage(2003, LogLevel.Warning, "A bind as {SystemId} from {Peer} was refused with 0x{Status:X}: {Reason} (and {More} more since the last line)")]
    private static partial void BindRefused(ILogger logger, string systemId, string? peer, uint status, string reason, int more);

    [LoggerMessage(2004, LogLevel.Information, "Bind {Bind} from {Peer} ended ({Reason}); {Unanswered} deliver_sm unanswered go to other binds")]
    private static partial void Ended(ILogger logger, string bind, string? peer, SessionEndReason reason, int unanswered);

    [LoggerMessage(2006, LogLevel.Information, "A submit_sm on {Bind} was refused with 0x{Status:X}: {Fault} (and {More} more since the last line)")]
    private static partial void SubmitRefused(ILogger logger, string bind, uint status, string fault, int more);

    [LoggerMessage(2007, LogLevel.Error, "A submit_sm on {Bind} failed inside the gateway and was answered 0x8 (and {More} more since the last line)")]
    private static partial void SubmitFailed(ILogger logger, Exception error, string bind, int more);

    [LoggerMessage(2008, LogLevel.Warning, "Bind {Bind} did not answer a deliver_sm in time; it is offered again (and {More} more since the last line)")]
    private static partial void DeliveryOverdue(ILogger logger, string bind, int more);

    [LoggerMessage(2009, LogLevel.Warning, "Delivery {Delivery} was refused on {Bind} with 0x{Status:X} and is parked (and {More} more since the last line)")]
    private static partial void DeliveryParked(ILogger logger, Guid delivery, string bind, uint status, int more);

    [LoggerMessage(2010, LogLevel.Information, "The account {Account} was disabled or removed: its bind from {Peer} is asked to end")]
    private static partial void Dropped(ILogger logger, string? account, string? peer);

    // 2005 is GatedLogger's. Next free id in Esme: 2011.
}
