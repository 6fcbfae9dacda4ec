using System.Diagnostics.Metrics;

namespace SmsGateway.Host.Operations;

// What the gateway counts, in one place: meter "SmsGateway". Label values come from bounded sets only: our own words, connectors of the
// configuration, and the first accounts seen (LabelSet). Everything is safe to call from any thread.
internal sealed class HostMetrics : IDisposable
{
    public const string MeterName = "SmsGateway";

    private static readonly double[] CallSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Meter _meter;
    private readonly LabelSet _accounts = new(limit: 100);
    private readonly Counter<long> _submissions;
    private readonly Counter<long> _submits;
    private readonly Counter<long> _outcomes;
    private readonly Counter<long> _receipts;
    private readonly Counter<long> _mos;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _handedOver;
    private readonly Counter<long> _takeovers;
    private readonly Counter<long> _doubtsEnded;
    private readonly Counter<long> _held;
    private readonly Histogram<double> _submitDuration;
    private readonly Histogram<double> _callbackDuration;

    /// <param name="meterName">Another one where several hosts share a process: OpenTelemetry takes meters of one name for one.</param>
    public HostMetrics(string meterName = MeterName)
    {
        _meter = new Meter(meterName, version: null, tags: null, scope: this); // the scope is for listeners of the process itself
        _submissions = _meter.CreateCounter<long>("smsgateway.submissions", description: "MTs answered, by protocol, account and result");
        _submits = _meter.CreateCounter<long>("smsgateway.submits", description: "submit_sm handed to a carrier bind");
        _outcomes = _meter.CreateCounter<long>("smsgateway.outcomes", description: "Attempts that ended, by kind");
        _receipts = _meter.CreateCounter<long>("smsgateway.receipts", description: "Delivery receipts from carriers, by what became of them");
        _mos = _meter.CreateCounter<long>("smsgateway.mos", description: "MOs from carriers, by what became of them");
        _deliveries = _meter.CreateCounter<long>("smsgateway.deliveries", description: "Offers of receipts and MOs to customers, by result");
        _expired = _meter.CreateCounter<long>("smsgateway.expired", description: "Segments whose validity ended in the queue");
        _handedOver = _meter.CreateCounter<long>("smsgateway.handed_over", description: "Segments and deliveries given to another node, by kind");
        _takeovers = _meter.CreateCounter<long>("smsgateway.takeovers", description: "Dead nodes whose lease this node ended");
        _doubtsEnded = _meter.CreateCounter<long>("smsgateway.doubts.ended", description: "Attempts in doubt that this node knows to have ended, by connector and how; resend and operator_resend are possible duplicates");
        _held = _meter.CreateCounter<long>("smsgateway.hold.records", description: "Records of the journal, by what became of them and kind");
        _submitDuration = _meter.CreateHistogram("smsgateway.submit.duration", "s", "Time from submit_sm to its response",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = CallSeconds });
        _callbackDuration = _meter.CreateHistogram("smsgateway.callback.duration", "s", "Time of one callback request",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = CallSeconds });
    }

    /// <summary>Of the meter.</summary>
    public string Name => _meter.Name;

    /// <summary>Protocol: <c>http</c> or <c>smpp</c>; result: the word of the acceptance, such as <c>accepted</c>, <c>duplicate</c>, <c>conflict</c>, <c>rate_limited</c>.</summary>
    public void Submission(string protocol, string account, string result, long count = 1) =>
        _submissions.Add(count, Tag("protocol", protocol), Tag("account", _accounts.Label(account)), Tag("result", result));

    public void Submitted(string connector, long count = 1) => _submits.Add(count, Tag("connector", connector));

    /// <summary>Kind: <c>answered</c>, <c>refused</c>, <c>not_sent</c>, <c>resend</c>, <c>given_up</c>, <c>late</c>, <c>overdue</c> (no answer in time), <c>in_doubt</c> (its bind ended without one).</summary>
    public void Outcome(string connector, string kind, long count = 1) => _outcomes.Add(count, Tag("connector", connector), Tag("kind", kind));

    /// <summary>Result: <c>matched</c>, <c>duplicate</c>, <c>parked</c>, <c>unreadable</c>, <c>held</c> (in the journal).</summary>
    public void Receipt(string connector, string result, long count = 1) => _receipts.Add(count, Tag("connector", connector), Tag("result", result));

    /// <summary>Result: <c>recorded</c>, <c>duplicate</c>, <c>unroutable</c>, <c>suspected</c>, <c>unreadable</c>, <c>held</c> (in the journal).</summary>
    public void Mo(string connector, string result, long count = 1) => _mos.Add(count, Tag("connector", connector), Tag("result", result));

    /// <summary>Via: <c>smpp</c> or <c>callback</c>; result: <c>acknowledged</c>, <c>retried</c>, <c>parked</c>.</summary>
    public void Delivery(string via, string result, long count = 1) => _deliveries.Add(count, Tag("via", via), Tag("result", result));

    public void Expired(long count = 1) => _expired.Add(count);

    /// <summary>Kind: <c>segment</c> or <c>delivery</c>.</summary>
    public void HandedOver(string kind, long count) => _handedOver.Add(count, Tag("kind", kind));

    /// <summary>This node ended the lease of a dead one.</summary>
    public void TookOver() => _takeovers.Add(1);

    /// <summary>How: <c>resend</c>, <c>given_up</c> (validity over), <c>receipt</c>, <c>answer</c>, <c>operator_resend</c>, <c>operator_give_up</c>, <c>operator_sent</c>.</summary>
    public void DoubtEnded(string connector, string how, long count = 1) => _doubtsEnded.Add(count, Tag("connector", connector), Tag("how", how));

    /// <summary>Result: <c>taken</c>, <c>refused</c> (full), <c>played</c>, <c>parked</c>, <c>rejected</c> (an MT that lost its key); kind: of the fact.</summary>
    public void Held(string result, string kind) => _held.Add(1, Tag("result", result), Tag("kind", kind));

    public void SubmitAnswered(string connector, TimeSpan duration) => _submitDuration.Record(duration.TotalSeconds, Tag("connector", connector));

    public void CallbackAnswered(TimeSpan duration) => _callbackDuration.Record(duration.TotalSeconds);

    /// <summary>A figure that is read at each scrape, such as the depth of a lane. <paramref name="read"/> must be quick and must not throw.</summary>
    public void Observe(string name, string description, Func<IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableGauge(name, read, description: description);

    /// <summary>A single duration, read at each scrape. Null = not there.</summary>
    public void ObserveSeconds(string name, string description, Func<TimeSpan?> read) =>
        _meter.CreateObservableGauge(name, () => read() is { } time ? [new Measurement<double>(time.TotalSeconds)] : Array.Empty<Measurement<double>>(), "s", description);

    /// <summary>A single figure without labels, read at each scrape.</summary>
    public void Observe(string name, string description, Func<long> read) => _meter.CreateObservableGauge(name, read, description: description);

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
