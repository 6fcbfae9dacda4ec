using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Esme;

// Deliveries as the outbox would hand them over.
internal static class Deliveries
{
    private static readonly DateTimeOffset Accepted = new(2026, 1, 2, 13, 4, 0, TimeSpan.Zero);

    public static Delivery Receipt() => new()
    {
        Id = Guid.NewGuid(),
        Account = EsmeBench.Name,
        Kind = DeliveryKind.Receipt,
        Protocol = Protocol.Smpp,
        CreatedAt = Accepted.AddMinutes(1),
        DueAt = Accepted.AddMinutes(1),
        MessageId = new MessageId(Guid.NewGuid()),
        Day = new DateOnly(2026, 1, 2),
        Segment = 1,
        Connector = "carrier-a",
        Source = EsmeBench.Handset,
        Destination = EsmeBench.Sender,
        State = ReceiptState.Delivered,
        AcceptedAt = Accepted,
        DoneAt = Accepted.AddMinutes(1),
        EsmClass = 0x04,
        Body = "id:1 stat:DELIVRD"u8.ToArray(),
    };

    public static Delivery Mo() => Receipt() with
    {
        Kind = DeliveryKind.Mo,
        Segment = null,
        State = null,
        DoneAt = null,
        EsmClass = 0,
        Body = "YES"u8.ToArray(),
    };
}
