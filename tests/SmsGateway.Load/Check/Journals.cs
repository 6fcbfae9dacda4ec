using System.Buffers.Text;
using System.Text.Json;
using SmsGateway.Load.Journal;
using SmsGateway.Load.Run;

namespace SmsGateway.Load.Check;

// The other sides' journals over HTTP: carriers, sinks, and the gateway's list of doubts.
internal sealed class Journals(IReadOnlyList<Uri> carriers, IReadOnlyList<Uri> sinks, IReadOnlyList<Uri> admins, string adminKey) : IDisposable
{
    private const int PageRows = 1000;

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly int[] _sinkRead = new int[sinks.Count];

    public bool HasCarriers => carriers.Count > 0;

    /// <summary>Sums over all carriers: submits, receipts made, acknowledged, pending and sent again.</summary>
    public async Task<CarrierSums> SumsAsync(CancellationToken ct)
    {
        var sums = default(CarrierSums);
        foreach (Uri carrier in carriers)
        {
            JsonElement json = await JsonAsync(new Uri(carrier, "/submits/summary"), ct);
            sums = new CarrierSums(
                sums.Submits + Long(json, "submits"),
                sums.ReceiptsMade + Long(json, "receiptsMade"),
                sums.ReceiptsAcknowledged + Long(json, "receiptsAcknowledged"),
                sums.ReceiptsPending + Long(json, "receiptsPending"),
                sums.ReceiptsRepeated + Long(json, "receiptsRepeated"),
                sums.Overflow + Long(json, "overflow"));
        }

        return sums;
    }

    /// <param name="marker">Whose messages.</param>
    /// <param name="messages">How many there are at most.</param>
    /// <param name="originMicros">Microseconds since 1970 from which times are told.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<CarrierTally> TallyAsync(Marker marker, int messages, long originMicros, CancellationToken ct)
    {
        var tally = new CarrierTally(marker, messages, originMicros);
        foreach (Uri carrier in carriers)
            await LinesAsync(new Uri(carrier, $"/submits/export?contains={marker.Prefix}"), tally.Add, ct);
        return tally;
    }

    /// <summary>Takes in the receipts that came to the sinks since the last call.</summary>
    public async Task ReadSinksAsync(Marker marker, ReceiptBook receipts, Func<long, long> timestampOfUnixMicros, CancellationToken ct)
    {
        for (int i = 0; i < sinks.Count; i++)
        {
            int read = 0;
            await LinesAsync(new Uri(sinks[i], $"/received/export?after={_sinkRead[i]}"), line =>
            {
                read++;
                TakeSinkLine(marker, receipts, timestampOfUnixMicros, line);
            }, ct);
            _sinkRead[i] += read;
        }
    }

    /// <summary>Passes over what the sinks had received before the run.</summary>
    public async Task SkipSinksAsync(CancellationToken ct)
    {
        for (int i = 0; i < sinks.Count; i++)
            _sinkRead[i] = (int)Long(await JsonAsync(new Uri(sinks[i], "/received/summary"), ct), "kept");
    }

    /// <summary>
    /// Hashes of the ids of all messages that the gateway lists as in doubt or as sent again while in doubt, how many attempts those are, and who could not
    /// be asked.
    /// </summary>
    /// <exception cref="LoadFailure">No admin interface answers.</exception>
    public async Task<DoubtList> DoubtsAsync(CancellationToken ct)
    {
        var ids = new HashSet<ulong>();
        var attempts = new HashSet<string>();
        var sentAgain = new HashSet<ulong>();
        var silent = new List<Uri>();
        LoadFailure? failure = null;
        // Every node lists the doubts of ended epochs, but only a node itself knows which of its binds are gone: all are asked. One that was killed
        // cannot answer, and its epoch is ended.
        foreach (Uri admin in admins)
        {
            try
            {
                await ReadListAsync(admin, "doubts?", doubt =>
                {
                    string id = doubt.GetProperty("id").GetString()!;
                    ids.Add(IdHash.Of(id));
                    attempts.Add($"{id}/{Long(doubt, "segment")}/{Long(doubt, "attempt")}");
                }, ct);
                await ReadListAsync(admin, "messages?possible_duplicate=true&", resent => sentAgain.Add(IdHash.Of(resent.GetProperty("id").GetString()!)), ct);
            }
            catch (LoadFailure e)
            {
                failure = e;
                silent.Add(admin);
            }
        }

        return failure is not null && silent.Count == admins.Count ? throw failure : new DoubtList(ids, attempts.Count, sentAgain, silent);
    }

    public void Dispose() => _http.Dispose();

    private async Task ReadListAsync(Uri admin, string list, Action<JsonElement> take, CancellationToken ct)
    {
        int total;
        int read = 0;
        do
        {
            JsonElement page = await JsonAsync(new Uri(admin, $"/admin/v1/{list}limit={PageRows}&offset={read}"), ct);
            total = (int)Long(page, "total");
            JsonElement items = page.GetProperty("items");
            foreach (JsonElement item in items.EnumerateArray())
                take(item);
            if (items.GetArrayLength() == 0)
                return;
            read += items.GetArrayLength();
        }
        while (read < total);
    }

    private static void TakeSinkLine(Marker marker, ReceiptBook receipts, Func<long, long> timestampOf, ReadOnlySpan<byte> line)
    {
        // arrival, type, message_id, message_state, result_code, occurrence
        Span<Range> fields = stackalloc Range[6];
        int count = 0;
        foreach (Range field in line.Split((byte)'\t'))
        {
            if (count < fields.Length)
                fields[count++] = field;
        }

        if (count == fields.Length && line[fields[1]].SequenceEqual("receipt"u8) && marker.Parse(line[fields[2]]) is >= 0 and int number
            && Utf8Parser.TryParse(line[fields[3]], out byte state, out _) && Utf8Parser.TryParse(line[fields[0]], out long at, out _))
        {
            receipts.Take(number, 0, state, 0, timestampOf(at));
        }
    }

    private async Task<JsonElement> JsonAsync(Uri url, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("X-Api-Key", adminKey);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, ct);
            response.EnsureSuccessStatusCode();
            return (await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(ct), default, ct)).RootElement;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new LoadFailure($"{url}: {e.Message}");
        }
    }

    private async Task LinesAsync(Uri url, TakeLine take, CancellationToken ct)
    {
        try
        {
            await using Stream stream = await _http.GetStreamAsync(url, ct);
            var reader = System.IO.Pipelines.PipeReader.Create(stream);
            await LineReader.ReadAsync(reader, take, ct);
        }
        catch (HttpRequestException e)
        {
            throw new LoadFailure($"{url}: {e.Message}");
        }
    }

    private static long Long(JsonElement json, string name)
        => json.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : 0;
}

/// <summary>What the nodes list as in doubt.</summary>
/// <param name="Ids">Hashes of the messages' ids.</param>
/// <param name="Attempts">Attempts listed in all.</param>
/// <param name="SentAgain">Hashes of the ids of messages that were sent again while in doubt, and are marked as possible duplicates.</param>
/// <param name="Silent">Admin interfaces that did not answer.</param>
internal sealed record DoubtList(IReadOnlySet<ulong> Ids, int Attempts, IReadOnlySet<ulong> SentAgain, IReadOnlyList<Uri> Silent);

/// <summary>Sums over the carriers' journals, all runs together.</summary>
internal readonly record struct CarrierSums(long Submits, long ReceiptsMade, long ReceiptsAcknowledged, long ReceiptsPending, long ReceiptsRepeated, long Overflow);
