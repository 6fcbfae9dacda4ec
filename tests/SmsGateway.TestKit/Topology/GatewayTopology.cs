namespace SmsGateway.TestKit.Topology;

/// <summary>
/// Nodes with a durable PostgreSQL of their own, two simulated carriers and a callback sink: real processes, each on an address of its own with
/// the usual ports. One node, or the four of two sites. Their lives are here; what they are asked and told is in <see cref="GatewayClient"/>.
/// </summary>
public class GatewayTopology : ILogged
{
    private const int SmppPortNumber = 2775;
    private const int ControlPort = 8090;
    private const int BindsPerNode = 2; // of each carrier, in deploy/local/seed.json

    private readonly string _sink = $"{LoopbackAddress.Next(ControlPort)}";
    private readonly string _carrierA = $"{LoopbackAddress.Next(SmppPortNumber)}";
    private readonly string _carrierB = $"{LoopbackAddress.Next(SmppPortNumber)}";
    private readonly List<ProcessUnderTest> _simulators = [];
    private readonly string _snapshots = Path.Combine(Path.GetTempPath(), $"smsgateway-snapshots-{Guid.NewGuid():n}"); // a directory in it per node
    private readonly string _hold = Path.Combine(Path.GetTempPath(), $"smsgateway-hold-{Guid.NewGuid():n}"); // a directory in it per node
    private PostgresCluster? _postgres;
    private string _connection = "";

    /// <summary>One node.</summary>
    public GatewayTopology()
        : this("smsc1.test")
    {
    }

    /// <summary>Nodes of these names; a node's site is what follows the dot.</summary>
    public GatewayTopology(params string[] names) => Nodes = Array.ConvertAll(names, name => new GatewayNode(name, $"{LoopbackAddress.Next(SmppPortNumber)}"));

    /// <summary>Options of every process of the host that is started from now on.</summary>
    public Dictionary<string, string?> Options { get; } = [];

    /// <summary>All nodes, running or not; a node's site is what follows the dot.</summary>
    public IReadOnlyList<GatewayNode> Nodes { get; }

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>The receiver of the first node.</summary>
    public Uri Receiver => Nodes[0].Receiver;

    /// <summary>The admin interface of the first node.</summary>
    public Uri Admin => Nodes[0].Admin;

    public Uri Sink => new($"http://{_sink}:{ControlPort}");

    public Uri CarrierA => new($"http://{_carrierA}:{ControlPort}");

    public Uri CarrierB => new($"http://{_carrierB}:{ControlPort}");

    /// <summary>HOST:PORT of the first node's SMPP server.</summary>
    public string Smpp => Nodes[0].Smpp;

    /// <summary>The configuration that it starts with.</summary>
    public string Seed => SeedDocument.Make(_carrierA, _carrierB, new Uri(Sink, "/callback"));

    public string ConnectionString => _connection;

    /// <summary>More options of a node's process, or others than the topology's own; before it starts. None by default.</summary>
    public Func<GatewayNode, IReadOnlyDictionary<string, string?>> OptionsFor { get; set; } = _ => new Dictionary<string, string?>();

    /// <summary>The program a node runs; null = the one built beside this.</summary>
    public Func<GatewayNode, string?> ProgramFor { get; set; } = _ => null;

    /// <summary>A ledger that somebody else runs, instead of a PostgreSQL of its own.</summary>
    public string? Ledger { get; set; }

    /// <summary>A ledger of its own that can be restored to a point in time.</summary>
    public bool IsArchived { get; set; }

    /// <summary>The configuration document with a drill's or test's own settings.</summary>
    public Func<string, string> Configuration { get; set; } = document => document;

    /// <summary>The process of the first node.</summary>
    public ProcessUnderTest Node => Nodes[0].Process;

    public PostgresCluster Postgres => _postgres!;

    /// <summary>Four nodes at two sites on one ledger.</summary>
    public static GatewayTopology TwoSites() => new("smsc1.dc3", "smsc2.dc3", "smsc1.bos", "smsc2.bos");

    /// <summary>A node at each of two sites on one ledger.</summary>
    public static GatewayTopology TwoNodes() => new("smsc1.dc3", "smsc1.bos");

    public async Task InitializeAsync()
    {
        _connection = Ledger ?? await StartLedgerAsync();
        _simulators.Add(Carrier("carrier-a", _carrierA));
        _simulators.Add(Carrier("carrier-b", _carrierB));
        _simulators.Add(ProcessUnderTest.StartProject("SmsGateway.Simulator", ["sink", "--listen", $"{_sink}:{ControlPort}"]));
        await HostAsync(0, "migrate");
        await ApplyAsync(Configuration(Seed));
        await StartAsync(Nodes);
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        foreach (var simulator in _simulators)
        {
            await simulator.DisposeAsync();
        }

        if (_postgres is not null)
            await _postgres.DisposeAsync();

        if (Directory.Exists(_hold))
            Directory.Delete(_hold, recursive: true);

        if (Directory.Exists(_snapshots))
            Directory.Delete(_snapshots, recursive: true);
    }

    public GatewayNode NodeOf(string name) => Nodes.Single(node => node.Name == name);

    /// <summary>Starts the first node again and waits until it is ready.</summary>
    public Task StartNodeAsync() => StartAsync([Nodes[0]]);

    /// <summary>Starts nodes, also again after their end, and waits until they are ready and every running node is bound to both carriers.</summary>
    public async Task StartAsync(IReadOnlyList<GatewayNode> nodes)
    {
        foreach (var node in nodes)
        {
            await LaunchAsync(node);
        }

        await AwaitReadyAsync();
    }

    /// <summary>Starts a node and waits for nothing.</summary>
    public Task LaunchAsync(GatewayNode node) => node.StartAsync(() => StartHost([], Joined(OptionsOf(node), OptionsFor(node)), ProgramFor(node)));

    /// <summary>Waits until all running nodes are ready and bound to both carriers.</summary>
    public async Task AwaitReadyAsync()
    {
        try
        {
            await Eventually.TrueAsync(ReadyAsync, "the nodes are ready and bound to both carriers", TimeSpan.FromSeconds(90 + (30 * Nodes.Count)));
        }
        catch (TimeoutException late)
        {
            var outputs = Nodes.Where(node => node.Started).Select(node => node.Process).Concat(_simulators).Select(process => process.Output);
            throw new TimeoutException($"{late.Message}; what the processes said:\n{string.Join("\n---\n", outputs)}", late);
        }
    }

    /// <summary>What each node's present or last process said, the newest lines.</summary>
    public IEnumerable<(string Process, string Text)> Logs() => Nodes.Where(node => node.Started).Select(node => (node.Name, node.Process.Output));

    /// <summary>SIGTERM, its orderly end, and a new process of the same name.</summary>
    public async Task RestartAsync(string name)
    {
        await NodeOf(name).TerminateAsync();
        await StartAsync([NodeOf(name)]);
    }

    /// <summary>Runs a command of the host and returns what it printed.</summary>
    public async Task<string> HostAsync(int exitCode, params string[] arguments)
    {
        await using var process = StartHost(arguments, new Dictionary<string, string?>());
        var code = await process.WaitForExitAsync(TimeSpan.FromSeconds(60));
        return code == exitCode
            ? process.Output
            : throw new InvalidOperationException($"SmsGateway.Host {string.Join(' ', arguments)} exited {code}:\n{process.Output}");
    }

    /// <summary>Starts the host with this topology's options; <paramref name="more"/> overrides them.</summary>
    public ProcessUnderTest StartHost(string[] arguments, IReadOnlyDictionary<string, string?> more, string? program = null)
    {
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = null,
            ["Ledger__ConnectionString"] = _connection,
            ["Callbacks__AllowPrivateTargets"] = "true",
            ["Snapshot__Directory"] = _snapshots,
            ["Hold__Directory"] = _hold,
        };
        foreach (var (name, value) in OptionsOf(Nodes[0]).Concat(Options))
        {
            environment[name] = value;
        }

        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return program is null
            ? ProcessUnderTest.StartProject("SmsGateway.Host", arguments, environment)
            : ProcessUnderTest.Start("dotnet", [program, .. arguments], environment, Path.GetDirectoryName(program));
    }

    /// <summary>Applies a configuration document.</summary>
    public async Task<string> ApplyAsync(string document, int exitCode = 0)
    {
        var file = Path.Combine(Path.GetTempPath(), $"smsgateway-{Guid.NewGuid():n}.json");
        await File.WriteAllTextAsync(file, document);
        try
        {
            return await HostAsync(exitCode, "config", "apply", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ProcessUnderTest Carrier(string name, string address) => ProcessUnderTest.StartProject(
        "SmsGateway.Simulator",
        ["carrier", "--name", name, "--listen", $"{address}:{SmppPortNumber}", "--control", $"{address}:{ControlPort}", "--seed", "1"]);

    private async Task<string> StartLedgerAsync()
    {
        var options = IsArchived ? PostgresOptions.Archived : PostgresOptions.Durable;
        _postgres = await PostgresCluster.StartAsync(options with
        {
            Settings = new Dictionary<string, string>(options.Settings) { ["max_connections"] = $"{Math.Max(200, 100 * Nodes.Count)}" },
        });
        return await _postgres.CreateDatabaseAsync();
    }

    private static Dictionary<string, string?> Joined(Dictionary<string, string?> own, IReadOnlyDictionary<string, string?> more)
    {
        foreach (var (name, value) in more)
            own[name] = value;
        return own;
    }

    private static Dictionary<string, string?> OptionsOf(GatewayNode node) => new()
    {
        ["Node__Name"] = node.Name,
        ["Node__Site"] = node.Site,
        ["Receiver__Address"] = node.Receiver.Authority,
        ["Smpp__Address"] = node.Smpp,
        ["Admin__Address"] = node.Admin.Authority,
    };

    private async Task<bool> ReadyAsync()
    {
        var running = Nodes.Where(node => node.Running && !node.Suspended).ToArray();
        if (Nodes.FirstOrDefault(node => node.Started && !node.Running && !node.Ended) is { } lost)
        {
            throw new InvalidOperationException($"{lost.Name} ended by itself:\n{lost.Process.Output}");
        }

        try
        {
            foreach (var node in running)
            {
                using var ready = await Http.GetAsync(new Uri(node.Admin, "/health/ready"));
                if (!ready.IsSuccessStatusCode)
                {
                    return false;
                }
            }

            return await HasBindsOfAsync(CarrierA, running.Length) && await HasBindsOfAsync(CarrierB, running.Length);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // The binds of a suspended node stay until the carrier drops them.
    private async Task<bool> HasBindsOfAsync(Uri carrier, int running)
    {
        var binds = (await this.GetAsync(carrier, "/submits/summary")).GetProperty("binds").GetInt32();
        return binds >= BindsPerNode * running && binds <= BindsPerNode * (running + Nodes.Count(node => node.Suspended));
    }
}
