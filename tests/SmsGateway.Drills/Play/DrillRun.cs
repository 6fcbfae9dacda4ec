using System.Globalization;
using System.Text.Json;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.Drills.Play;

// One playing of a drill: its topology, its load, what was measured, and which promises held. Everything drawn by chance comes from the seed.
internal sealed class DrillRun(Drill drill, int seed, bool isShort) : IAsyncDisposable
{
    private readonly List<(string Name, string Value)> _rows = [];
    private readonly List<(string Promise, bool Held)> _promises = [];
    private readonly Dictionary<string, double> _seconds = [];
    private readonly List<IAsyncDisposable> _parts = [];
    private JsonElement _load;
    private GatewayTopology? _gateway;

    public Drill Drill => drill;

    public int Seed => seed;

    public bool IsShort => isShort;

    public IReadOnlyList<string> Nodes => isShort ? drill.NodesShortly : drill.Nodes;

    public Random Random { get; } = new(seed);

    public GatewayTopology Gateway => _gateway ?? throw new InvalidOperationException("The drill has not started its topology.");

    /// <summary>Everything that was promised held, and something was promised.</summary>
    public bool Passed => _promises.Count > 0 && _promises.TrueForAll(p => p.Held);

    public IReadOnlyList<(string Name, string Value)> Rows => _rows;

    public IReadOnlyList<(string Promise, bool Held)> Promises => _promises;

    /// <summary>Detection, recovery and other times, in seconds.</summary>
    public IReadOnlyDictionary<string, double> Seconds => _seconds;

    /// <summary>The load tool's report.</summary>
    public JsonElement Load => _load;

    /// <summary>The short form's value, or the long form's.</summary>
    public int Of(int shortly, int atLength) => isShort ? shortly : atLength;

    /// <summary>Messages per second, where a drill needs no other: short forms are played beside each other on two cores.</summary>
    public int Rate => Of(250, 600);

    /// <summary>Starts the nodes and what they need.</summary>
    public async Task<GatewayTopology> StartAsync(Action<GatewayTopology>? prepare = null)
    {
        _gateway = new GatewayTopology([.. Nodes]);
        prepare?.Invoke(_gateway);
        await _gateway.InitializeAsync();
        return _gateway;
    }

    /// <summary>Ends with the drill, before the topology does.</summary>
    public T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Add(part);
        return part;
    }

    public GatewayNode Drawn() => Gateway.Nodes[Random.Next(Gateway.Nodes.Count)];

    /// <summary>
    /// Hands in messages for so many seconds at a rate, over binds to all nodes, does the harm when they are on their way, waits for the end and lets the
    /// load tool's checker judge: nothing lost, nothing twice, no receipt missing or twice, the accounts add up, the doubts within their bound and listed.
    /// </summary>
    /// <param name="seconds">How long new messages come.</param>
    /// <param name="rate">Per second.</param>
    /// <param name="doubtsAtMost">The bound; 0 = none may be left.</param>
    /// <param name="harm">The fault and its healing.</param>
    /// <param name="options">More options of the load tool.</param>
    public Task UnderLoadAsync(int seconds, int rate, int doubtsAtMost, Func<LoadRun, Task> harm, params string[] options) => UnderLoadAsync(
        LoadRun.Smpp(
            Gateway,
            [
                "--seconds", $"{seconds}", "--rate", $"{rate}", "--binds", $"{2 * Gateway.Nodes.Count}", "--window", "100", "--rebind", "0.5", "--rebind-max", "2",
                "--settle", "90", "--linger", "1", .. options,
            ]),
        doubtsAtMost,
        harm);

    /// <summary>The same with a load of its own.</summary>
    public async Task UnderLoadAsync(LoadRun load, int doubtsAtMost, Func<LoadRun, Task> harm)
    {
        await using (load)
        {
            await load.UnderWayAsync();
            try
            {
                await harm(load);
            }
            catch (TimeoutException late)
            {
                throw new TimeoutException($"{late.Message}; the load's last lines:\n{string.Join('\n', load.Output.Split('\n').TakeLast(10))}", late);
            }

            var (code, report) = await load.EndedAsync(TimeSpan.FromMinutes(isShort ? 5 : 15));
            if (report.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidOperationException($"the load tool ended with {code}:\n{load.Output}");
            }

            Judge(report, doubtsAtMost);
        }
    }

    /// <summary>A promise that held or did not.</summary>
    public void Promise(bool held, string promise) => _promises.Add((promise, held));

    /// <summary>
    /// A promise of time, as the load tool measured it after a fault. Short forms share two cores with others, and on a slow machine the clock judges the
    /// machine: they fail beyond twice the time only. What was measured is printed either way.
    /// </summary>
    public void PromiseWithin(int seconds, int fault, string measured, string what)
    {
        var limit = Of(2 * seconds, seconds);
        Promise(Resumption(fault, measured) <= limit, $"{what} within {limit} s");
    }

    public void Row(string name, string value) => _rows.Add((name, value));

    /// <summary>A time that was measured.</summary>
    public void Measured(string name, double seconds)
    {
        _seconds[name] = Math.Round(seconds, 2);
        Row(name, string.Create(CultureInfo.InvariantCulture, $"{seconds:F2} s"));
    }

    public int Count(string name) => _load.GetProperty("counts").GetProperty(name).GetInt32();

    /// <summary>A number that the checker found for a fault: "resumed", "lastSeconds", "longestGapSeconds", "p99BeforeMs"; null = none.</summary>
    public double? Resumption(int fault, string name)
    {
        var faults = _load.GetProperty("faults");
        return fault < faults.GetArrayLength() && faults[fault].GetProperty("resumption").TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : null;
    }

    /// <summary>Keeps what the processes said, for whoever asks why the drill failed, below the repository's .local directory.</summary>
    public async Task KeepLogsAsync()
    {
        var directory = Directory.CreateDirectory(Path.Combine(RepositoryPaths.Root, ".local", "drills", string.Create(CultureInfo.InvariantCulture, $"{drill.Name}-{seed}")));
        IEnumerable<ILogged> logged = [.. _parts.OfType<ILogged>(), .. _gateway is null ? [] : (ILogged[])[_gateway]];
        foreach (var (process, text) in logged.SelectMany(part => part.Logs()))
        {
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, process + ".log"), text);
        }

        Row("logs", directory.FullName);
    }

    public async ValueTask DisposeAsync()
    {
        for (var i = _parts.Count - 1; i >= 0; i--)
        {
            await _parts[i].DisposeAsync();
        }

        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }
    }

    private void Judge(JsonElement report, int doubtsAtMost)
    {
        _load = report;
        foreach (var name in (string[])["accepted", "emitted", "lost", "duplicated", "markedDuplicates", "receiptsExpected", "receipts", "receiptsLost", "receiptsRepeated", "receiptsTwice", "offeredAgain", "inDoubt", "inDoubtUnseen", "throttled", "resent"])
        {
            Row(Words.Of(name), $"{Count(name)}");
        }

        foreach (var list in (string[])["lost", "duplicated", "receiptsLost", "receiptsTwice"])
        {
            if (Count(list) > 0)
            {
                Row("  " + Words.Of(list), string.Join(' ', report.GetProperty("ids").GetProperty(list).EnumerateArray().Select(id => id.GetString())));
            }
        }

        var acceptance = report.GetProperty("latencyMs").GetProperty("acceptance");
        Row("acceptance", string.Create(
            CultureInfo.InvariantCulture,
            $"p50 {acceptance.GetProperty("p50Ms").GetDouble():F1} ms, p99 {acceptance.GetProperty("p99Ms").GetDouble():F1} ms, longest {acceptance.GetProperty("maxMs").GetDouble():F0} ms"));
        Promise(Count("accepted") > 0, "messages were accepted");
        Promise(Count("lost") == 0, Promised.NothingLost);
        Promise(Count("duplicated") == 0, Promised.NothingTwice);
        Promise(Count("markedDuplicates") > 0 == drill.SendsAgain, drill.SendsAgain ? "some were sent again by the policy, and marked" : Promised.NothingAgainUnasked);
        Promise(Count("receiptsLost") == 0, Promised.NoReceiptLost);
        Promise(Count("receiptsTwice") == 0, Promised.NoReceiptTwice);
        Promise(Count("unaccounted") == 0, "the accounts add up");
        Promise(Count("idMismatches") == 0, "one id per message");
        Promise(Count("unanswered") == 0 && Count("refused") == 0, "every submission was answered OK in the end");
        Promise(Count("inDoubt") <= doubtsAtMost, $"at most {doubtsAtMost} in doubt, all listed");
        Faults(report);
    }

    private void Faults(JsonElement report)
    {
        var number = 0;
        foreach (var fault in report.GetProperty("faults").EnumerateArray())
        {
            var what = string.Join('+', fault.GetProperty("names").EnumerateArray().Select(name => name.GetString()));
            Row("fault", string.Create(CultureInfo.InvariantCulture, $"{what} at {fault.GetProperty("atSeconds").GetDouble():F1} s"));
            foreach (var (name, label) in ((string, string)[])
                [
                    ("laterFirstSeconds", "first of its messages sent by another"), ("lastSeconds", "last of its messages sent"),
                    ("longestGapSeconds", "longest time without an acceptance elsewhere"), ("longestSilenceSeconds", "longest time without a submit at any carrier"),
                ])
            {
                if (Resumption(number, name) is { } seconds)
                {
                    Measured($"  {label}", seconds);
                }
            }

            if (Resumption(number, "p99BeforeMs") is { } before && Resumption(number, "p99AfterMs") is { } after)
            {
                Row("  p99 of acceptances elsewhere", string.Create(CultureInfo.InvariantCulture, $"{before:F0} ms before, {after:F0} ms after: ratio {after / before:F2}"));
            }

            number++;
        }
    }
}
