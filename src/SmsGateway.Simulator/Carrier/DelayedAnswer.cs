using SmsGateway.Simulator.Timing;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Simulator.Carrier;

/// <summary>A response that waits, for its time or for the end of a read.</summary>
internal sealed class DelayedAnswer(CarrierBind bind, SubmitSm request, SubmitVerdict verdict) : IDelayed
{
    public void Run() => bind.Answer(request, verdict);
}

/// <summary>A connection that is to be cut at a time.</summary>
internal sealed class DelayedCut(CarrierBind bind) : IDelayed
{
    public void Run() => bind.Cut();
}
