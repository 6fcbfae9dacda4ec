using System.Text.Json;
using SmsGateway.Simulator.Behaviour;

namespace SmsGateway.Simulator.Sink;

// What the customer was told, in order. Bounded: beyond the capacity callbacks are answered and counted, not kept.
internal sealed class SinkJournal(int capacity, StreamWriter? file)
{
    private readonly Lock _gate = new();
    private readonly List<ReceivedCallback> _kept = [];
    private readonly Dictionary<(string, string, string), int> _seen = [];
    private long _total;
    private long _duplicates;
    private long _mos;
    private long _receipts;
    private long _overflow;

    public ReceivedCallback Add(long at, byte[] body, string headers)
    {
        string type = FormFields.Find(body, "type"u8);
        string messageId = FormFields.Find(body, "message_id"u8);
        string state = FormFields.Find(body, "message_state"u8);
        string resultCode = FormFields.Find(body, "result_code"u8);
        lock (_gate)
        {
            _total++;
            _mos += type == "MO" ? 1 : 0;
            _receipts += type == "receipt" ? 1 : 0;
            bool full = _kept.Count == capacity;
            int occurrence = full ? 1 : ++System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_seen, (type, messageId, state), out _);
            _duplicates += occurrence > 1 ? 1 : 0;
            var callback = new ReceivedCallback(at, body, headers, type, messageId, state, resultCode, occurrence);
            if (full)
                _overflow++;
            else
                _kept.Add(callback);
            file?.WriteLine(JsonSerializer.Serialize(Describe(callback), ControlJson.Options));
            return callback;
        }
    }

    public ReceivedCallback[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _kept];
        }
    }

    public object Summary()
    {
        lock (_gate)
        {
            return new { received = _total, kept = _kept.Count, receipts = _receipts, mos = _mos, duplicates = _duplicates, overflow = _overflow };
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _kept.Clear();
            _seen.Clear();
            _total = _duplicates = _mos = _receipts = _overflow = 0;
        }
    }

    public void Flush()
    {
        lock (_gate)
        {
            file?.Flush();
        }
    }

    public static object Describe(ReceivedCallback callback) => new
    {
        at = new DateTimeOffset(callback.At, TimeSpan.Zero),
        status = callback.Status,
        occurrence = callback.Occurrence,
        fields = FormFields.All(callback.Body),
        body = callback.Body,
        headers = callback.Headers.Split('\n', StringSplitOptions.RemoveEmptyEntries),
    };
}
