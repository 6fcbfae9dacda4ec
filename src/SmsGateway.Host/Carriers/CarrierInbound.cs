using System.Buffers;
using System.Data.Common;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Carriers;

// What comes from a carrier: receipts and MOs. Each is answered OK after its COMMIT (on hold: when it is on this node's disk) and not earlier; one
// that could not be stored is answered with a status that makes the carrier repeat it. One that no repeat would make better (unreadable, or refused by
// the ledger for what is in it) is parked raw and answered OK: refused, it would come again for ever and hold up those behind it.
internal sealed partial class CarrierInbound(
    CarrierSettings carrier,
    int window,
    ReceiptLedger receipts,
    MoLedger mos,
    MoAnswers answers,
    Holding holding,
    ConfigurationState configuration,
    HasReceivingBind hasReceivingBind,
    HostMetrics metrics,
    TimeProvider time,
    ILogger logger)
{
    private const string ReceiptKind = "receipt_unreadable";
    private const string MoKind = "mo_unreadable";

    private static readonly DeliverSmResp Done = new();
    private readonly OpenTasks _storing = new();
    private readonly LogGate _notStored = new(time, LogGate.OfOutages);

    /// <summary>Completes when every MO taken so far is stored and answered, or refused.</summary>
    public Task WhenStored() => _storing.WhenAll();

    /// <summary>Takes one deliver_sm, in wire order. It waits only when the ledger's intake is full.</summary>
    /// <param name="session">Where it came in and is answered.</param>
    /// <param name="pdu">The receipt or MO.</param>
    /// <param name="scratch">The read loop's own buffer.</param>
    public ValueTask TakeAsync(SmppSession session, DeliverSm pdu, ArrayBufferWriter<byte> scratch)
    {
        if (session.IncomingOutstanding > window)
        {
            Refuse(session, pdu, CommandStatus.MessageQueueFull);
            return default;
        }

        var octets = DeliverMapping.Octets(pdu, scratch);
        var isReceipt = DeliverMapping.IsReceipt(pdu);
        CarrierReceipt? receipt = null;
        NewMo? mo = null;
        try
        {
            var hash = DeliverMapping.HashOfBody(octets);
            var now = time.GetUtcNow();
            if (isReceipt)
            {
                receipt = DeliverMapping.Receipt(pdu, carrier.Name, carrier.Quirks, hash, now);
            }
            else
            {
                mo = DeliverMapping.Mo(pdu, carrier.Name, carrier.Quirks, OwnerOf(pdu), hash, now);
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return ParkAsync(session, pdu, octets.ToArray(), isReceipt ? ReceiptKind : MoKind, error);
        }

        if (mo is not null)
        {
            // MOs are few beside receipts: a task each. The window above bounds them.
            _storing.Add(StoreAsync(session, pdu, mo));
            return default;
        }

        return receipt is not null ? TakeReceiptAsync(session, pdu, receipt) : ParkAsync(session, pdu, octets.ToArray(), ReceiptKind);
    }

    /// <summary>Stores a deliver_sm whose body breaks off or contradicts itself, and acknowledges it: a repeat would be no better.</summary>
    public ValueTask ParkUnreadableAsync(SmppSession session, RawPdu pdu) => ParkAsync(session, pdu, pdu.Body.ToArray(), ReceiptKind);

    private async ValueTask TakeReceiptAsync(SmppSession session, DeliverSm pdu, CarrierReceipt receipt)
    {
        if (holding.IsOn)
        {
            Hold(session, pdu, new HeldReceipt(receipt));
            return;
        }

        try
        {
            await receipts.EnqueueAsync(receipt, (taken, verdict, failure) => Recorded(session, pdu, taken, verdict, failure), CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Failed(session, pdu, error);
        }
    }

    private void Recorded(SmppSession session, DeliverSm pdu, CarrierReceipt receipt, ReceiptVerdict verdict, Exception? failure)
    {
        if (failure is not null)
        {
            HoldAfter(session, pdu, failure, new HeldReceipt(receipt));
            return;
        }

        metrics.Receipt(carrier.Name, verdict switch
        {
            ReceiptVerdict.Matched => "matched",
            ReceiptVerdict.Duplicate => "duplicate",
            _ => "parked",
        });
        session.Respond(pdu, Done);
    }

    // Fault: null = no message id can be found in it. The log gets its type only, because its message may quote what is in the PDU.
    private async ValueTask ParkAsync(SmppSession session, Pdu pdu, byte[] octets, string kind, Exception? fault = null)
    {
        var cause = fault?.InnerException ?? fault;
        Unreadable(logger, carrier.Name, cause is null ? "no message id" : $"{cause.GetType().Name} {(cause as DbException)?.SqlState}".TrimEnd());
        var reason = cause is null ? "no message id can be found in it" : $"{fault!.GetType().Name}: {cause.Message}".Split('\n')[0].TrimEnd();

        // Played from a journal it is of the receipts' kind: the reason tells an MO.
        var now = time.GetUtcNow();
        var raw = new HeldUnreadable(Guid.CreateVersion7(now), carrier.Name, octets, kind == MoKind ? "an MO: " + reason : reason, now);
        if (holding.IsOn)
        {
            Hold(session, pdu, raw);
            return;
        }

        // Rare enough to wait for, on the read loop, in wire order.
        try
        {
            await receipts.ParkRawAsync(raw.Id, kind, carrier.Name, octets, raw.Reason, CancellationToken.None).ConfigureAwait(false);
            if (kind == MoKind)
            {
                metrics.Mo(carrier.Name, "unreadable");
            }
            else
            {
                metrics.Receipt(carrier.Name, "unreadable");
            }

            session.Respond(pdu, Done);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            HoldAfter(session, pdu, error, raw);
        }
    }

    private async Task StoreAsync(SmppSession session, DeliverSm pdu, NewMo mo)
    {
        var came = time.GetTimestamp();
        if (holding.IsOn)
        {
            Hold(session, pdu, new HeldMo(mo), came);
            return;
        }

        try
        {
            var verdict = await mos.RecordAsync(mo, CancellationToken.None).ConfigureAwait(false);
            metrics.Mo(carrier.Name, verdict switch
            {
                MoVerdict.Stored => "recorded",
                MoVerdict.Duplicate => "duplicate",
                MoVerdict.Suspected => "suspected",
                _ => "unroutable",
            });
            AnswerMo(session, pdu, mo, came);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            HoldAfter(session, pdu, error, new HeldMo(mo), came);
        }
    }

    // With the ledger away whether it has it is unknown; playing it later makes one of both. What the ledger refuses for what is in it, it would refuse
    // again. Any other failure may be over when the carrier repeats it.
    private void HoldAfter(SmppSession session, Pdu pdu, Exception error, HeldFact fact, long came = 0)
    {
        if (error is LedgerDefectException && pdu is DeliverSm refused && fact is not HeldUnreadable)
        {
            var octets = DeliverMapping.Octets(refused, new ArrayBufferWriter<byte>()).ToArray();
            _storing.Add(ParkAsync(session, pdu, octets, fact is HeldMo ? MoKind : ReceiptKind, error).AsTask());
            return;
        }

        if (error is not LedgerUnavailableException)
        {
            Failed(session, pdu, error);
            return;
        }

        holding.LedgerIsAway(error.Message);
        Hold(session, pdu, fact, came);
    }

    private void Hold(SmppSession session, Pdu pdu, HeldFact fact, long came = 0)
    {
        if (!holding.TryTake(fact, (taken, _, failure) => Held(session, pdu, taken, failure, came)))
        {
            NotAnswered(fact);
            Failed(session, pdu, new LedgerUnavailableException("The ledger is away, and nothing can be held: " + holding.WhyNot));
        }
    }

    private void Held(SmppSession session, Pdu pdu, HeldFact fact, Exception? failure, long came)
    {
        if (failure is not null)
        {
            NotAnswered(fact);
            Failed(session, pdu, failure);
            return;
        }

        if (fact is HeldMo { Mo: var mo })
        {
            metrics.Mo(carrier.Name, "held");
            AnswerMo(session, pdu, mo, came);
            return;
        }

        metrics.Receipt(carrier.Name, "held");
        session.Respond(pdu, Done);
    }

    private void AnswerMo(SmppSession session, Pdu pdu, NewMo mo, long came)
    {
        var mark = session.RespondMarked(pdu, Done);
        if (mo is { Id: { } id, CarrierKey: null, Account: not null })
        {
            answers.Answered(id, came, () => session.HasWritten(mark), () => session.State == SessionState.Closed);
        }
    }

    // It may be stored all the same: what comes again is this one.
    private void NotAnswered(HeldFact fact)
    {
        if (fact is HeldMo { Mo: { Id: { } id, CarrierKey: null, Account: not null } })
        {
            answers.NotAnswered(id);
        }
    }

    // The number's own wish, else a bind where there is one, else the callback.
    private (string Account, Protocol Protocol)? OwnerOf(DeliverSm pdu)
    {
        var snapshot = configuration.Current;
        if (!snapshot.Numbers.TryGetValue(DeliverMapping.Number(pdu), out var number) || !number.Enabled
            || !snapshot.Accounts.TryGetValue(number.Account, out var account))
        {
            return null;
        }

        var protocol = number.Protocol
            ?? (account.CallbackUrl is null || hasReceivingBind(account.Name) ? Protocol.Smpp : Protocol.Http);
        return (account.Name, protocol);
    }

    private void Failed(SmppSession session, Pdu pdu, Exception error)
    {
        if (_notStored.TryPass(out var more))
        {
            NotStored(logger, carrier.Name, error.Message, more);
        }

        Refuse(session, pdu, CommandStatus.SystemError);
    }

    private static void Refuse(SmppSession session, Pdu pdu, CommandStatus status) =>
        session.Respond(pdu, new DeliverSmResp { Status = status, MessageId = null });

    [LoggerMessage(3301, LogLevel.Warning, "A receipt or MO of carrier {Carrier} could not be stored; the carrier is asked to repeat it: {Reason} (and {More} more since the last line)")]
    private static partial void NotStored(ILogger logger, string carrier, string reason, int more);

    [LoggerMessage(3302, LogLevel.Warning, "A receipt or MO of carrier {Carrier} is unreadable ({Fault}): it is parked raw and then acknowledged")]
    private static partial void Unreadable(ILogger logger, string carrier, string fault);

    // Next free id of CarrierInbound: 3303.
}
