using System.Net.Http.Json;
using System.Text.Json;
using SmsGateway.TestKit;

namespace SmsGateway.EndToEnd.Tests.Topology;

/// <summary>One node with a durable PostgreSQL of its own, two simulated carriers and a callback sink: real processes on ports of the system.</summary>
public sealed class GatewayTopology : IAsyncLifetime
{
    private const int SmppPortNumber = 2775;
    private const int ControlPort = 8090;

    // Each part has an address of its own and the usual ports.
    private readonly string _node = $"{LoopbackAddress.Next(SmppPortNumber)}";
    private readonly string _sink = $"{LoopbackAddress.Next(ControlPort)}";
    private readonly string _carrierA = $"{LoopbackAddress.Next(SmppPortNumber)}";
    private readonly string _carrierB = $"{LoopbackAddress.Next(SmppPortNumber)}";
    private readonly List<ProcessUnderTest> _simulators = [];
    private PostgresCluster? _postgres;
    private string _connection = "";

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    public Uri Receiver => new($"http://{_node}:8080/httpapi/receiver");

    public Uri Admin => new($"http://{_node}:8081");

    public Uri Sink => new($"http://{_sink}:{ControlPort}");

    public Uri CarrierA => new($"http://{_carrierA}:{ControlPort}");

    public Uri CarrierB => new($"http://{_carrierB}:{ControlPort}");

    /// <summary>HOST:PORT of the SMPP server.</summary>
    public string Smpp => $"{_node}:{SmppPortNumber}";

    public string ConnectionString => _connection;

    public ProcessUnderTest Node { get; private set; } = null!;

    public PostgresCluster Postgres => _postgres!;

    public async Task InitializeAsync()
    {
        _postgres = await PostgresCluster.StartAsync(PostgresOptions.Durable);
        _connection = await _postgres.CreateDatabaseAsync();
        _simulators.Add(Carrier("carrier-a", _carrierA));
        _simulators.Add(Carrier("carrier-b", _carrierB));
        _simulators.Add(ProcessUnderTest.StartProject("SmsGateway.Simulator", ["sink", "--listen", $"{_sink}:{ControlPort}"]));
        await HostAsync(0, "migrate");
        await ApplyAsync(SeedDocument.Make(_carrierA, _carrierB, new Uri(Sink, "/callback")));
        await StartNodeAsync();
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await Node.DisposeAsync();
        foreach (var simulator in _simulators)
        {
            await simulator.DisposeAsync();
        }

        await _postgres!.DisposeAsync();
    }

    /// <summary>Starts the node and waits until it is ready and bound to both carriers.</summary>
    public async Task StartNodeAsync()
    {
        Node = StartHost([], new Dictionary<string, string?>());
        try
        {
            await Eventually.TrueAsync(ReadyAsync, "the node is ready and bound to both carriers", TimeSpan.FromSeconds(90));
        }
        catch (TimeoutException late)
        {
            var outputs = _simulators.Select(simulator => simulator.Output).Prepend(Node.Output);
            throw new TimeoutException($"{late.Message}; what the processes said:\n{string.Join("\n---\n", outputs)}", late);
        }
    }

    /// <summary>Runs a command of the host and returns what it printed.</summary>
    public async Task<string> HostAsync(int exitCode, params string[] arguments)
    {
        await using var process = StartHost(arguments, new Dictionary<string, string?>());
        var code = await process.WaitForExitAsync(TimeSpan.FromSeconds(60));
        Assert.True(code == exitCode, $"SmsGateway.Host {string.Join(' ', arguments)} exited {code}:\n{process.Output}");
        return process.Output;
    }

    /// <summary>Starts the host with this topology's options; <paramref name="more"/> overrides them.</summary>
    public ProcessUnderTest StartHost(string[] arguments, IReadOnlyDictionary<string, string?> more)
    {
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = null,
            ["Node__Name"] = "smsc1.test",
            ["Node__Site"] = "test",
            ["Ledger__ConnectionString"] = _connection,
            ["Receiver__Address"] = $"{_node}:8080",
            ["Smpp__Address"] = Smpp,
            ["Admin__Address"] = $"{_node}:8081",
            ["Callbacks__AllowPrivateTargets"] = "true",
        };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return ProcessUnderTest.StartProject("SmsGateway.Host", arguments, environment);
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

    /// <summary>Posts an MT as <c>demo</c>; <paramref name="fields"/> override the defaults, null removes one.</summary>
    public async Task<(int Status, JsonElement Body, HttpResponseMessage Response)> PostAsync(params (string Name, string? Value)[] fields)
    {
        var form = new Dictionary<string, string>
        {
            ["login"] = "demo",
            ["password"] = "demo1234",
            ["phone_number"] = "447700900001",
            ["sender"] = "12345",
            ["message"] = "hello",
            ["message_id"] = Guid.NewGuid().ToString("n"),
        };
        foreach (var (name, value) in fields)
        {
            if (value is null)
            {
                form.Remove(name);
            }
            else
            {
                form[name] = value;
            }
        }

        using var content = new FormUrlEncodedContent(form);
        var response = await Http.PostAsync(Receiver, content);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(), response);
    }

    public Task<JsonElement> GetAsync(Uri service, string path) => Http.GetFromJsonAsync<JsonElement>(new Uri(service, path));

    public async Task<JsonElement> AdminAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Admin, "/admin/v1/" + path));
        request.Headers.Add("X-Api-Key", "local-admin-key");
        using var response = await Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<JsonElement> OrderAsync(Uri service, string path, object body)
    {
        using var response = await Http.PostAsJsonAsync(new Uri(service, path), body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text.Length == 0 ? "null" : text);
    }

    /// <summary>Callbacks of one message that the sink has, oldest first.</summary>
    public async Task<JsonElement[]> ReceivedAsync(string query)
    {
        var answer = await GetAsync(Sink, "/received?limit=10000&" + query);
        var list = answer.ValueKind == JsonValueKind.Array ? answer : answer.GetProperty("received");
        return [.. list.EnumerateArray()];
    }

    /// <summary>Submits that a carrier has seen whose payload contains a text.</summary>
    public async Task<JsonElement[]> SubmitsAsync(Uri carrier, string contains)
    {
        var answer = await GetAsync(carrier, $"/submits?limit=100000&contains={Uri.EscapeDataString(contains)}");
        return [.. answer.GetProperty("submits").EnumerateArray()];
    }

    private static ProcessUnderTest Carrier(string name, string address) => ProcessUnderTest.StartProject(
        "SmsGateway.Simulator",
        ["carrier", "--name", name, "--listen", $"{address}:{SmppPortNumber}", "--control", $"{address}:{ControlPort}", "--seed", "1"]);

    private async Task<bool> ReadyAsync()
    {
        if (Node.HasExited)
        {
            throw new InvalidOperationException($"The node ended:\n{Node.Output}");
        }

        try
        {
            using var ready = await Http.GetAsync(new Uri(Admin, "/health/ready"));
            return ready.IsSuccessStatusCode
                && (await GetAsync(CarrierA, "/submits/summary")).GetProperty("binds").GetInt32() == 2
                && (await GetAsync(CarrierB, "/submits/summary")).GetProperty("binds").GetInt32() == 2;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
