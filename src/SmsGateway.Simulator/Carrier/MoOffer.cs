using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Simulator.Carrier;

/// <summary>What became of an injected MO.</summary>
internal enum MoOutcome
{
    /// <summary>The gateway answered; the status tells how.</summary>
    Answered,

    /// <summary>No answer within the deliver timeout.</summary>
    TimedOut,

    /// <summary>The bind ended before an answer.</summary>
    BindLost,
}

// One injected deliver_sm and the HTTP request that waits for its answer. Not repeated by itself: a test that wants the repeat posts it again.
internal sealed class MoOffer
{
    private readonly TaskCompletionSource<(MoOutcome, CommandStatus)> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<(MoOutcome Outcome, CommandStatus Status)> End => _end.Task;

    public void Answered(CommandStatus status, bool late)
    {
        if (!late)
            _end.TrySetResult((MoOutcome.Answered, status));
    }

    public void TimedOut() => _end.TrySetResult((MoOutcome.TimedOut, default));

    public void BindLost() => _end.TrySetResult((MoOutcome.BindLost, default));
}
