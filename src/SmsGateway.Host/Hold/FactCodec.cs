using System.Buffers;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Hold;

// The body of each kind of record; writer and reader face each other. A field that is added goes to the end, under a new version of the kind: a
// journal that an older version wrote must still be readable.
internal static class FactCodec
{
    /// <summary>Of what this version writes.</summary>
    public const byte Version = 1;

    public static void Write(HeldFact fact, IBufferWriter<byte> octets)
    {
        var w = new FactWriter(octets);
        switch (fact)
        {
            case HeldSubmission held:
                Write(held.Entry, w);
                break;
            case HeldReceipt held:
                Write(held.Receipt, w);
                break;
            case HeldUnreadable held:
                w.Id(held.Id);
                w.Text(held.Connector);
                w.Octets(held.Octets);
                w.Text(held.Reason);
                w.Time(held.CameAt);
                break;
            case HeldMo held:
                Write(held.Mo, w);
                break;
            case HeldOutcome held:
                Write(held.Outcome, w);
                break;
            case HeldAcknowledgement held:
                w.Id(held.Ack.DeliveryId);
                w.Short(held.Ack.Offers);
                w.Text(held.Ack.Target);
                w.Byte((byte)held.Ack.How);
                w.Time(held.CameAt);
                break;
            default:
                throw new ArgumentException($"{fact.Kind} cannot be held.", nameof(fact));
        }
    }

    /// <exception cref="LaterRecordException">A later version of the program wrote it.</exception>
    /// <exception cref="FormatException">It is damaged.</exception>
    public static HeldFact Read(FactKind kind, byte version, ReadOnlySpan<byte> body)
    {
        if (version != Version)
        {
            throw new LaterRecordException($"it has a record of version {version}, and this program reads {Version}: play it with the program that wrote it");
        }

        var r = new FactReader(body);
        HeldFact fact = kind switch
        {
            FactKind.Submission => new HeldSubmission(Entry(ref r)),
            FactKind.Receipt => new HeldReceipt(Receipt(ref r)),
            FactKind.UnreadableReceipt => new HeldUnreadable(r.Id(), r.RequiredText(), r.RequiredOctets(), r.RequiredText(), r.Time()),
            FactKind.Mo => new HeldMo(Mo(ref r)),
            FactKind.Outcome => new HeldOutcome(Outcome(ref r)),
            FactKind.Acknowledgement => new HeldAcknowledgement(new DeliveryAck(r.Id(), r.Short(), r.Text(), r.Word<DeliveryEndKind>()), r.Time()),
            _ => throw new LaterRecordException($"it has a record of kind {(int)kind}, which this program does not know: play it with the program that wrote it"),
        };
        return r.IsAtEnd ? fact : throw new FormatException("The record is longer than what it holds.");
    }

    private static void Write(NewEntry entry, FactWriter w)
    {
        w.Id(entry.Id);
        w.Flag(entry.Keyed);
        w.Id(entry.ContentHash);
        w.Long(entry.Nonce);
        w.Text(entry.Account);
        w.Byte((byte)entry.Protocol);
        w.Text(entry.ClientMessageId);
        w.Text(entry.AppId);
        w.Text(entry.ConversationId);
        w.Text(entry.Sender);
        w.Text(entry.Destination);
        w.Text(entry.CarrierAsked);
        w.Int(entry.Route.Count);
        foreach (var connector in entry.Route)
        {
            w.Text(connector);
        }

        w.Byte((byte)entry.Priority);
        w.Byte((byte)entry.Registered);
        w.Byte(entry.DataCoding);
        w.Byte(entry.EsmClass);
        w.Byte(entry.ProtocolId);
        w.Int(entry.Payloads.Count);
        foreach (var payload in entry.Payloads)
        {
            w.Octets(payload);
        }

        w.Time(entry.AcceptedAt);
        w.Time(entry.ValidUntil);
        w.Money(entry.Price);
        w.Money(entry.Cost);
        w.Text(entry.Currency);
        w.Text(entry.FirstAttempt?.Connector);
        w.Text(entry.FirstAttempt?.Bind);
        w.Flag(entry.ContentKey is not null);
        w.Id(entry.ContentKey ?? Guid.Empty);
        w.Long(entry.ContentWindow.Ticks);
    }

    private static NewEntry Entry(ref FactReader r) => new()
    {
        Id = r.Id(),
        Keyed = r.Flag(),
        ContentHash = r.Id(),
        Nonce = r.Long(),
        Account = r.RequiredText(),
        Protocol = r.Word<Protocol>(),
        ClientMessageId = r.Text(),
        AppId = r.Text(),
        ConversationId = r.Text(),
        Sender = r.RequiredText(),
        Destination = r.RequiredText(),
        CarrierAsked = r.Text(),
        Route = Texts(ref r),
        Priority = r.Word<Priority>(),
        Registered = r.Word<RegisteredReceipts>(),
        DataCoding = r.Byte(),
        EsmClass = r.Byte(),
        ProtocolId = r.Byte(),
        Payloads = Payloads(ref r),
        AcceptedAt = r.Time(),
        ValidUntil = r.Time(),
        Price = r.Money(),
        Cost = r.Money(),
        Currency = r.Text(),
        FirstAttempt = (r.Text(), r.Text()) is ({ } connector, { } bind) ? new FirstAttempt(connector, bind) : null,
        ContentKey = (r.Flag(), r.Id()) is (true, var key) ? key : null,
        ContentWindow = TimeSpan.FromTicks(r.Long()),
    };

    private static string[] Texts(ref FactReader r)
    {
        var texts = new string[r.Count(least: 4)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = r.RequiredText();
        }

        return texts;
    }

    private static byte[][] Payloads(ref FactReader r)
    {
        var payloads = new byte[r.Count(least: 4)][];
        for (var i = 0; i < payloads.Length; i++)
        {
            payloads[i] = r.RequiredOctets();
        }

        return payloads;
    }

    private static void Write(CarrierReceipt receipt, FactWriter w)
    {
        w.Text(receipt.Connector);
        w.Text(receipt.CarrierMessageId);
        w.Text(receipt.Source);
        w.Text(receipt.Destination);
        w.Byte((byte)receipt.State);
        w.Short(receipt.ResultCode);
        w.Text(receipt.Error);
        w.Time(receipt.DoneAt);
        w.Time(receipt.At);
        w.Byte(receipt.DataCoding);
        w.Byte(receipt.EsmClass);
        w.Octets(receipt.Body);
        w.Id(receipt.BodyHash);
    }

    private static CarrierReceipt Receipt(ref FactReader r) => new()
    {
        Connector = r.RequiredText(),
        CarrierMessageId = r.RequiredText(),
        Source = r.RequiredText(),
        Destination = r.RequiredText(),
        State = r.Word<ReceiptState>(),
        ResultCode = r.Short(),
        Error = r.Text(),
        DoneAt = r.Time(),
        At = r.Time(),
        DataCoding = r.Byte(),
        EsmClass = r.Byte(),
        Body = r.RequiredOctets(),
        BodyHash = r.Id(),
    };

    private static void Write(NewMo mo, FactWriter w)
    {
        w.Flag(mo.Id is not null);
        w.Id(mo.Id ?? default);
        w.Text(mo.Connector);
        w.Text(mo.Account);
        w.Byte((byte)mo.Protocol);
        w.Text(mo.CarrierKey);
        w.Id(mo.BodyHash);
        w.Text(mo.Source);
        w.Text(mo.Destination);
        w.Byte(mo.EsmClass);
        w.Byte(mo.DataCoding);
        w.Octets(mo.Body);
        w.Time(mo.At);
    }

    private static NewMo Mo(ref FactReader r) => new()
    {
        Id = (r.Flag(), r.Id()) is (true, var id) ? id : null,
        Connector = r.RequiredText(),
        Account = r.Text(),
        Protocol = r.Word<Protocol>(),
        CarrierKey = r.Text(),
        BodyHash = r.Id(),
        Source = r.RequiredText(),
        Destination = r.RequiredText(),
        EsmClass = r.Byte(),
        DataCoding = r.Byte(),
        Body = r.RequiredOctets(),
        At = r.Time(),
    };

    private static void Write(AttemptOutcome outcome, FactWriter w)
    {
        w.Id(outcome.Key.Segment.Id);
        w.Day(outcome.Key.Segment.Day);
        w.Short(outcome.Key.Segment.Segment);
        w.Short(outcome.Key.Number);
        w.Byte((byte)outcome.Kind);
        w.Text(outcome.Connector);
        w.Text(outcome.Bind);
        w.Time(outcome.AttemptedAt);
        w.Time(outcome.EndedAt);
        w.Int((int)outcome.CommandStatus);
        w.Text(outcome.CarrierMessageId);
        w.Flag(outcome.Requeue is not null);
        if (outcome.Requeue is { } requeue)
        {
            w.Time(requeue.DueAt);
            w.Flag(requeue.CountsAsFailure);
            w.Text(requeue.Connector);
        }

        w.Flag(outcome.Final is not null);
        if (outcome.Final is { } final)
        {
            w.Byte((byte)final.State);
            w.Short(final.ResultCode);
            w.Text(final.Error);
        }
    }

    private static AttemptOutcome Outcome(ref FactReader r) => new()
    {
        Key = new AttemptKey(new SegmentKey(r.Id(), r.Day(), r.Short()), r.Short()),
        Kind = r.Word<AttemptEndKind>(),
        Connector = r.RequiredText(),
        Bind = r.RequiredText(),
        AttemptedAt = r.Time(),
        EndedAt = r.Time(),
        CommandStatus = (uint)r.Int(),
        CarrierMessageId = r.Text(),
        Requeue = r.Flag() ? new Requeue(r.Time(), r.Flag(), r.Text()) : null,
        Final = r.Flag() ? new FinalRefusal(r.Word<ReceiptState>(), r.Short(), r.Text()) : null,
    };
}
