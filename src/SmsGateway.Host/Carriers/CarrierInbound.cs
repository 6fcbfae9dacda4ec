using System.Buffers;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Carriers;

// What comes from a carrier: receipts and MOs. Each is answered OK after its COMMIT (on hold: when it is on this node's disk) and not earlier; one
// that could not be stored is answered with a status that makes the carrier repeat it.
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
        var hash = DeliverMapping.HashOfBody(octets);
        var now = time.GetUtcNow();
        if (!DeliverMapping.IsReceipt(pdu))
        {
            // MOs are few beside receipts: a task each. The window above bounds them.
            _storing.Add(StoreAsync(session, pdu, DeliverMapping.Mo(pdu, carrier.Name, carrier.Quirks, OwnerOf(pdu), hash, now)));
            return default;
        }

        return DeliverMapping.Receipt(pdu, carrier.Name, carrier.Quirks, hash, now) is { } receipt
            ? TakeReceiptAsync(session, pdu, receipt)
            : ParkAsync(session, pdu, octets.ToArray());
    }

    /// <summary>Stores a deliver_sm whose body breaks off or contradicts itself, and acknowledges it: a repeat would be no better.</summary>
    public ValueTask ParkUnreadableAsync(SmppSession session, RawPdu pdu) => ParkAsync(session, pdu, pdu.Body.ToArray());

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

    private async ValueTask ParkAsync(SmppSession session, Pdu pdu, byte[] octets)
    {
        const string Reason = "no message id can be found in it";
        var now = time.GetUtcNow();
        var raw = new HeldUnreadable(Guid.CreateVersion7(now), carrier.Name, octets, Reason, now);
        if (holding.IsOn)
        {
            Hold(session, pdu, raw);
            return;
        }

        // Rare enough to wait for, on the read loop, in wire order.
        try
        {
            await receipts.ParkRawAsync(raw.Id, "receipt_unreadable", carrier.Name, octets, Reason, CancellationToken.None).ConfigureAwait(false);
            metrics.Receipt(carrier.Name, "unreadable");
            Unreadable(logger, carrier.Name);
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

    // Whether the ledger has it is unknown; playing it later makes one of both.
    private void HoldAfter(SmppSession session, Pdu pdu, Exception error, HeldFact fact, long came = 0)
    {
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

    [LoggerMessage(3302, LogLevel.Warning, "A receipt of carrier {Carrier} is unreadable: stored raw, acknowledged, parked")]
    private static partial void Unreadable(ILogger logger, string carrier);

    // Next free id of CarrierInbound: 3303.
}
