using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using SmsGateway.Simulator.Carrier;
using SmsGateway.Simulator.Journal;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Simulator.Control;

/// <summary>The carrier's journal over HTTP.</summary>
internal static class SubmitsEndpoints
{
    private const int FlushEvery = 64 * 1024;

    public static object Summary(CarrierRooms rooms)
    {
        SubmitJournal journal = rooms.Submits.Journal;
        JournalCounts counts = journal.Counts;
        return new
        {
            submits = counts.Submits,
            kept = journal.Count,
            overflow = counts.Overflow,
            answeredOk = counts.AnsweredOk,
            answeredError = counts.AnsweredError,
            neverAnswered = counts.NeverAnswered,
            receiptsMade = counts.ReceiptsMade,
            finalReceipts = counts.FinalReceipts,
            receiptsSent = counts.ReceiptsSent,
            receiptsRepeated = counts.ReceiptsRepeated,
            receiptsAcknowledged = counts.ReceiptsAcknowledged,
            receiptsRefused = counts.ReceiptsRefused,
            receiptsLostOnPurpose = counts.ReceiptsLostOnPurpose,
            receiptsDropped = counts.ReceiptsDropped,
            receiptsPending = rooms.Receipts.Pending,
            binds = rooms.Binds.All.Length,
        };
    }

    public static Task ListAsync(HttpContext context, CarrierRooms rooms)
    {
        SubmitJournal journal = rooms.Submits.Journal;
        int offset = context.Number("offset", 0);
        int limit = Math.Min(context.Number("limit", 100), 100_000);
        var filter = new SubmitFilter(context.Word("destination"), context.Word("contains"));
        var list = new List<object>();
        int matched = 0;
        for (int i = 0; i < journal.Count; i++)
        {
            ref SubmitRecord record = ref journal[i];
            if (!filter.Matches(journal, record))
                continue;
            if (matched++ >= offset && list.Count < limit)
                list.Add(Describe(rooms, journal, i, record));
        }

        return context.AnswerAsync(new { total = journal.Counts.Submits, overflow = journal.Counts.Overflow, matched, submits = list });
    }

    /// <summary>
    /// Text lines for checkers, tab separated: order, arrival in microseconds since 1970, bind, source, destination, id, status ("-" when never
    /// answered), receipts made and acknowledged (bit n-1 = message_state n), deliver_sm sent, repeated, payload hash, payload as printable ASCII.
    /// </summary>
    public static async Task ExportAsync(HttpContext context, CarrierRooms rooms)
    {
        SubmitJournal journal = rooms.Submits.Journal;
        var filter = new SubmitFilter(context.Word("destination"), context.Word("contains"));
        context.Response.ContentType = "text/plain; charset=utf-8";
        var lines = context.Response.BodyWriter;
        int count = journal.Count;
        for (int i = context.Number("after", 0); i < count; i++)
        {
            WriteLine(lines, filter, rooms, journal, i);
            if (lines.UnflushedBytes > FlushEvery)
                await lines.FlushAsync(context.RequestAborted);
        }

        await lines.FlushAsync(context.RequestAborted);
    }

    private static void WriteLine(PipeWriter lines, SubmitFilter filter, CarrierRooms rooms, SubmitJournal journal, int index)
    {
        ref SubmitRecord r = ref journal[index];
        if (!filter.Matches(journal, r))
            return;
        string status = r.Answered ? r.Status.ToString(CultureInfo.InvariantCulture) : "-";
        Span<byte> line = lines.GetSpan(1024 + (rooms.Options.Name.Length * 3));
        ReadOnlySpan<byte> payload = journal.Payload(r);
        System.Text.Unicode.Utf8.TryWrite(
            line,
            CultureInfo.InvariantCulture,
            $"{index + 1}\t{(r.ReceivedAt - DateTime.UnixEpoch.Ticks) / 10}\t{rooms.Options.Name}#{r.Bind}\t{journal.Source(r)}\t{journal.Destination(r)}\t{journal.Id(r)}\t{status}\t{r.States}\t{r.StatesAcknowledged}\t{r.ReceiptsSent}\t{r.ReceiptsRepeated}\t{r.PayloadHash:x16}\t",
            out int written);
        foreach (byte octet in payload)
            line[written++] = octet is >= 0x20 and < 0x7F ? octet : (byte)'.';
        line[written++] = (byte)'\n';
        lines.Advance(written);
    }

    private static object Describe(CarrierRooms rooms, SubmitJournal journal, int index, in SubmitRecord r) => new
    {
        order = index + 1,
        receivedAt = new DateTimeOffset(r.ReceivedAt, TimeSpan.Zero),
        bind = $"{rooms.Options.Name}#{r.Bind}",
        source = journal.Source(r),
        destination = journal.Destination(r),
        esmClass = r.EsmClass,
        dataCoding = r.DataCoding,
        registeredDelivery = r.Registered,
        length = r.PayloadLength,
        hash = r.PayloadHash.ToString("x16", CultureInfo.InvariantCulture),
        hex = Convert.ToHexStringLower(journal.Payload(r)),
        text = Text(journal, r),
        tlvs = Convert.ToHexStringLower(journal.Tlvs(r)),
        id = journal.Id(r),
        status = r.Answered ? $"0x{r.Status:X2}" : null,
        answeredAt = r.Answered ? new DateTimeOffset(r.AnsweredAt, TimeSpan.Zero) : (DateTimeOffset?)null,
        receiptStates = r.States,
        receiptStatesAcknowledged = r.StatesAcknowledged,
        receiptsSent = r.ReceiptsSent,
        receiptsRepeated = r.ReceiptsRepeated,
    };

    private static string? Text(SubmitJournal journal, in SubmitRecord r)
    {
        ReadOnlySpan<byte> octets = journal.Payload(r);
        if (Smpp.Pdus.EsmClass.HasUserDataHeader(r.EsmClass) && octets.Length > 0)
            octets = octets[Math.Min(octets[0] + 1, octets.Length)..];
        return DataCoding.TryGetAlphabet(r.DataCoding, Alphabet.Gsm0338, out Alphabet alphabet)
            && DataCoding.TryDecode(alphabet, octets, out string text) ? text : null;
    }
}

/// <summary>Which submits are meant: an exact destination, a part of the payload; absent ones match all.</summary>
internal sealed class SubmitFilter(string? destination, string? contains)
{
    private readonly byte[]? _contains = contains is null ? null : Encoding.UTF8.GetBytes(contains);

    public bool Matches(SubmitJournal journal, in SubmitRecord record)
        => (destination is null || journal.Destination(record) == destination)
            && (_contains is null || journal.Payload(record).IndexOf(_contains) >= 0);
}
