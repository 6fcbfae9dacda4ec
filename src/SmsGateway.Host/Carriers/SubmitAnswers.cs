using System.Globalization;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Carriers;

// What becomes of a submit_sm: turns an answer, or the proof that no octet was written, into the outcome of its attempt.
// A submit_sm without either stays an open attempt: in doubt, nothing is written and nothing is sent again.
internal sealed class SubmitAnswers(
    CarrierSettings carrier, OutcomeWriter outcomes, CircuitGate circuit, OpenCount open, HostMetrics metrics, TimeProvider time)
{
    private const int MostAtFullSpeed = 1_000;
    private static readonly TimeSpan LongDelay = TimeSpan.FromMinutes(2); // 30 days of it are fewer attempts than a smallint counts

    // Before a segment that could not be written is tried again: its carrier's settings may be corrected meanwhile. It has three tries.
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(5);

    /// <returns>The status, so that the bind can slow down when it was throttled.</returns>
    public CommandStatus Answered(SubmitSlot slot, Pdu response, TimeSpan took, bool late)
    {
        // A generic_nack refuses whatever status it carries.
        var status = response is GenericNack { Status: CommandStatus.Ok } ? CommandStatus.UnknownError : response.Status;
        if (status == CommandStatus.SystemError)
        {
            circuit.Failed();
        }
        else if (status is not (CommandStatus.Throttled or CommandStatus.MessageQueueFull))
        {
            circuit.Succeeded();
        }

        metrics.SubmitAnswered(carrier.Name, took);
        metrics.Outcome(carrier.Name, late ? "late" : status == CommandStatus.Ok ? "answered" : "refused");
        outcomes.Write(status == CommandStatus.Ok ? Accepted(slot, response) : Refused(slot, status));
        return status;
    }

    /// <summary>No octet of it was written: it goes back to the queue, at once unless the segment itself is the reason.</summary>
    /// <param name="slot">The slot it was to be sent in.</param>
    /// <param name="countsAsFailure">True when the segment itself is the reason; three times and QueuePump parks it.</param>
    public void NotSent(SubmitSlot slot, bool countsAsFailure)
    {
        var now = time.GetUtcNow();
        var pause = countsAsFailure ? FailurePause : slot.Attempt.Number >= MostAtFullSpeed ? LongDelay : TimeSpan.Zero;
        metrics.Outcome(carrier.Name, "not_sent");
        outcomes.Write(Ended(slot, AttemptEndKind.NotSent, now) with { Requeue = new Requeue(now + pause, countsAsFailure) });
    }

    public void Overdue()
    {
        metrics.Outcome(carrier.Name, "overdue");
        circuit.Failed();
    }

    /// <summary>Its bind ended without an answer.</summary>
    public void InDoubt()
    {
        metrics.Outcome(carrier.Name, "in_doubt");
        open.Leave();
    }

    private AttemptOutcome Accepted(SubmitSlot slot, Pdu response)
    {
        var id = response is SubmitSmResp { MessageId: { Length: > 0 } given } ? CarrierMessageId.Normalise(given, carrier.Quirks.SubmitIdNotation) : null;
        return Ended(slot, AttemptEndKind.Answered, time.GetUtcNow()) with { CarrierMessageId = id };
    }

    private AttemptOutcome Refused(SubmitSlot slot, CommandStatus status)
    {
        var now = time.GetUtcNow();
        var ended = Ended(slot, AttemptEndKind.Refused, now) with { CommandStatus = (uint)status };
        return carrier.Statuses.IsRetryable((uint)status)
            ? ended with { Requeue = new Requeue(now + Delay(slot.Attempt.Number), CountsAsFailure: false) }
            : ended with
            {
                Final = new FinalRefusal(
                    (ReceiptState)StateTable.RefusedState,
                    StateTable.ResultOf(status, slot.Segment.Sender),
                    ((uint)status).ToString("D3", CultureInfo.InvariantCulture)),
            };
    }

    // So that no validity is long enough for more attempts than can be counted.
    private TimeSpan Delay(int attempt) => attempt >= MostAtFullSpeed && carrier.RetryDelay < LongDelay ? LongDelay : carrier.RetryDelay;

    private AttemptOutcome Ended(SubmitSlot slot, AttemptEndKind kind, DateTimeOffset now) => new()
    {
        Key = slot.Attempt,
        Kind = kind,
        Connector = carrier.Name,
        Bind = slot.Bind,
        AttemptedAt = slot.AttemptedAt,
        EndedAt = now,
    };
}
