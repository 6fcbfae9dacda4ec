using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Flow;

// Queue rows for tests of what happens in memory.
internal static class Segments
{
    public static QueuedSegment Make(
        int number = 1, Priority priority = Priority.Bulk, string[]? route = null, short parts = 1, string? pinned = null, string account = "demo") => new()
        {
            Key = new SegmentKey(new Guid(number, 0, 0, new byte[8]), new DateOnly(2026, 11, 21), 1),
            Attempt = 1,
            Account = account,
            Route = route ?? ["carrier-a", "carrier-b"],
            Connector = (route ?? ["carrier-a"])[0],
            PinnedConnector = pinned,
            Priority = priority,
            Seq = number,
            DueAt = DateTimeOffset.UnixEpoch,
            ValidUntil = DateTimeOffset.MaxValue,
            Parts = parts,
            Sender = "12345",
            Destination = "447700900001",
            DataCoding = 0,
            EsmClass = 0,
            ProtocolId = 0,
            Registered = RegisteredReceipts.All,
            Payload = [0x68, 0x69],
        };
}
