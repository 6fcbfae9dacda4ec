using System.Text;

namespace SmsGateway.Ledger.Tests;

// Test data.
internal static class Make
{
    private static int _number;

    public static string Id(string prefix = "c") => prefix + Interlocked.Increment(ref _number).ToString("D6");

    public static NewEntry Entry(
        LedgerUnderTest ledger,
        string? clientId = null,
        string account = "demo",
        string text = "hello",
        int parts = 1,
        string destination = "447700900001",
        RegisteredReceipts registered = RegisteredReceipts.All,
        FirstAttempt? first = null,
        Priority priority = Priority.Bulk,
        string[]? route = null,
        DateTimeOffset? at = null,
        TimeSpan? validity = null)
    {
        var accepted = at ?? ledger.Core.Time.GetUtcNow();
        var payloads = Enumerable.Range(1, parts).Select(n => Encoding.UTF8.GetBytes(parts == 1 ? text : text + n)).ToArray();
        return new NewEntry
        {
            Id = clientId is null ? MessageKeys.NewUnkeyed(ledger.Core.Time) : ledger.Node.Keys.ForClientMessageId(account, clientId),
            Keyed = clientId is not null,
            ContentHash = ledger.Node.Keys.ContentHash("12345", destination, Encoding.UTF8.GetBytes(text), null, null),
            Account = account,
            Protocol = Protocol.Smpp,
            ClientMessageId = clientId,
            AppId = "app",
            Sender = "12345",
            Destination = destination,
            Route = route ?? ["carrier-a", "carrier-b"],
            Priority = priority,
            Registered = registered,
            DataCoding = 1,
            Payloads = payloads,
            AcceptedAt = accepted,
            ValidUntil = accepted + (validity ?? TimeSpan.FromHours(48)),
            Price = 0.0125m,
            Cost = 0.005m,
            Currency = "EUR",
            FirstAttempt = first,
        };
    }

    /// <summary>An MO; two of them are repeats of each other when nothing in them is told apart.</summary>
    public static NewMo Mo(DateTimeOffset at, string? account = "demo", Protocol protocol = Protocol.Smpp) => new()
    {
        Connector = "carrier-a",
        Account = account,
        Protocol = protocol,
        BodyHash = Guid.NewGuid(),
        Source = "447700900009",
        Destination = "12345",
        Body = [0, 1, 255],
        At = at,
    };

    public static NewAttempt Attempt(QueuedSegment segment, string bind = "carrier-a@smsc1.dc3#1", string connector = "carrier-a") =>
        new(new AttemptKey(segment.Key, segment.Attempt), connector, bind, segment.DueAt);

    public static AttemptOutcome Outcome(
        AttemptKey key, AttemptEndKind kind = AttemptEndKind.Answered, string? carrierId = null, string connector = "carrier-a", DateTimeOffset? at = null,
        uint status = 0, Requeue? requeue = null, FinalRefusal? final = null) => new()
        {
            Key = key,
            Kind = kind,
            Connector = connector,
            Bind = connector + "@smsc1.dc3#1",
            AttemptedAt = at ?? DateTimeOffset.UnixEpoch.AddYears(56),
            EndedAt = at ?? DateTimeOffset.UnixEpoch.AddYears(56).AddSeconds(1),
            CommandStatus = status,
            CarrierMessageId = carrierId,
            Requeue = requeue,
            Final = final,
        };

    /// <summary>Says of one try, and of no other, that nothing of it was written.</summary>
    public static AttemptOutcome NotSent(NewAttempt attempt, Requeue requeue) =>
        Outcome(attempt.Key, AttemptEndKind.NotSent, connector: attempt.Connector, at: attempt.At, requeue: requeue) with { Bind = attempt.Bind };

    public static CarrierReceipt Receipt(
        string carrierId, ReceiptState state = ReceiptState.Delivered, string connector = "carrier-a", string source = "447700900001", Guid? hash = null,
        DateTimeOffset? doneAt = null) => new()
        {
            Connector = connector,
            CarrierMessageId = carrierId,
            Source = source,
            Destination = "12345",
            State = state,
            ResultCode = state == ReceiptState.Delivered ? (short)0 : (short)1,
            Error = "000",
            DoneAt = doneAt ?? DateTimeOffset.UnixEpoch.AddYears(56).AddMinutes(1),
            At = DateTimeOffset.UnixEpoch.AddYears(56).AddMinutes(2),
            EsmClass = 4,
            Body = Encoding.ASCII.GetBytes("id:" + carrierId + " stat:DELIVRD"),
            BodyHash = hash ?? Guid.NewGuid(),
        };

    /// <summary>Claims an entry by the fast path and answers it with a carrier's id.</summary>
    public static async Task<NewEntry> SubmittedAsync(
        LedgerUnderTest ledger, string carrierId, string destination = "447700900001", string connector = "carrier-a",
        RegisteredReceipts registered = RegisteredReceipts.All, DateTimeOffset? at = null)
    {
        var entry = Entry(ledger, Id(), destination: destination, registered: registered, first: new FirstAttempt(connector, connector + "@smsc1.dc3#1"));
        var verdict = await ledger.Claims.ClaimAsync(entry, CancellationToken.None);
        Assert.True(verdict.MayEmit);
        Assert.Equal(OutcomeVerdict.Ended, await ledger.Outcomes.RecordAsync(Outcome(First(entry), carrierId: carrierId, connector: connector, at: at), CancellationToken.None));
        return entry;
    }

    public static AttemptKey First(NewEntry entry, short segment = 1) => new(new SegmentKey(entry.Id, entry.Day, segment), 1);
}
