using System.Text;
using SmsGateway.Host.Hold;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Hold;

// One of each kind of fact, no field left at its default.
internal static class Facts
{
    public static readonly DateTimeOffset At = new(2026, 11, 27, 1, 2, 3, 456, TimeSpan.Zero);

    public static NewEntry Entry(string text = "hello") => new()
    {
        Id = Guid.NewGuid(),
        Keyed = true,
        ContentHash = Guid.NewGuid(),
        Nonce = 123456789012345,
        Account = "demo",
        Protocol = Protocol.Smpp,
        ClientMessageId = "c-1",
        AppId = "app",
        ConversationId = "talk",
        Sender = "Zürich",
        Destination = "447700900001",
        CarrierAsked = "carrier-b",
        Route = ["carrier-a", "carrier-b"],
        Priority = Priority.Interactive,
        Registered = RegisteredReceipts.Failures,
        DataCoding = 8,
        EsmClass = 0x40,
        ProtocolId = 3,
        Payloads = [Encoding.UTF8.GetBytes(text), [0, 1, 2, 255]],
        AcceptedAt = At,
        ValidUntil = At.AddHours(1),
        Price = 0.012500m,
        Cost = 123.000001m,
        Currency = "EUR",
        FirstAttempt = new FirstAttempt("carrier-a", "carrier-a@smsc1.dc3#7"),
        ContentKey = Guid.NewGuid(),
        ContentWindow = TimeSpan.FromSeconds(30),
    };

    public static CarrierReceipt Receipt() => new()
    {
        Connector = "carrier-a",
        CarrierMessageId = "0a1b",
        Source = "447700900001",
        Destination = "12345",
        State = ReceiptState.Undeliverable,
        ResultCode = 12,
        Error = "034",
        DoneAt = At.AddMinutes(-1),
        At = At,
        DataCoding = 1,
        EsmClass = 4,
        Body = "id:0a1b stat:UNDELIV"u8.ToArray(),
        BodyHash = Guid.NewGuid(),
    };

    public static NewMo Mo() => new()
    {
        Id = Guid.NewGuid(),
        Connector = "carrier-b",
        Account = "acme",
        Protocol = Protocol.Http,
        CarrierKey = "key",
        BodyHash = Guid.NewGuid(),
        Source = "447700900002",
        Destination = "67890",
        EsmClass = 0x40,
        DataCoding = 8,
        Body = [5, 0, 3],
        At = At,
    };

    public static AttemptOutcome Outcome() => new()
    {
        Key = new AttemptKey(new SegmentKey(Guid.NewGuid(), new DateOnly(2026, 11, 27), 2), 3),
        Kind = AttemptEndKind.Refused,
        Connector = "carrier-a",
        Bind = "carrier-a@smsc1.dc3#1",
        AttemptedAt = At.AddSeconds(-3),
        EndedAt = At,
        CommandStatus = 0xF0000401,
        CarrierMessageId = "77",
        Requeue = new Requeue(At.AddSeconds(5), true, "carrier-b"),
        Final = new FinalRefusal(ReceiptState.Rejected, 9, "x"),
    };

    public static IReadOnlyList<HeldFact> All() =>
    [
        new HeldSubmission(Entry()),
        new HeldReceipt(Receipt()),
        new HeldUnreadable(Guid.NewGuid(), "carrier-a", [1, 2, 3], "no message id can be found in it", At),
        new HeldMo(Mo()),
        new HeldOutcome(Outcome()),
        new HeldAcknowledgement(new DeliveryAck(Guid.NewGuid(), 4, "acme@smsc1.dc3#2", DeliveryEndKind.GivenUp), At),
    ];
}
