using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Simulator.Carrier;

/// <summary>What a simulated carrier says in its log.</summary>
internal sealed partial class CarrierLog(ILogger logger)
{
    public ILogger Logger => logger;

    [LoggerMessage(9001, LogLevel.Information, "{Bind} is up as {Type}")]
    public partial void Bound(string bind, BindType type);

    [LoggerMessage(9002, LogLevel.Warning, "{Bind} refused with status {Status}")]
    public partial void BindRefused(string bind, uint status);

    [LoggerMessage(9003, LogLevel.Information, "{Bind} ended ({Reason}), {Lost} deliver_sm unanswered")]
    public partial void BindEnded(string bind, SessionEndReason reason, int lost);

    [LoggerMessage(9004, LogLevel.Warning, "{Bind} sent a bad PDU: {Fault}")]
    public partial void BadPdu(string bind, string fault);

    // Next free id in Simulator: 9005.
}
