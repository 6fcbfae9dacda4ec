using System.Globalization;
using System.Net;
using System.Text.Json;

namespace SmsGateway.TestKit;

/// <summary>
/// A ledger with failover, as deploy/patroni/up.sh starts it: three members of etcd and of Patroni with PostgreSQL in strict synchronous mode, on addresses of
/// their own. It ends with <see cref="DisposeAsync"/>, or with the test host, however that ends.
/// </summary>
public sealed class PatroniCluster : IAsyncDisposable, ILogged
{
    private const int PostgresPort = 5432;
    private const int PatroniPort = 8008;
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(4);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly Dictionary<string, string?> _environment;
    private readonly string _directory;

    private PatroniCluster()
    {
        // Reachable for the server's user, as PostgresServer's are.
        _directory = Path.Combine(Path.GetTempPath(), "smsgateway-patroni-" + Guid.NewGuid().ToString("N")[..12]);
        Members = [.. ((string[])["pg1.dc3", "pg2.bos", "pg3.third"]).Select(name => new PatroniMember(name, LoopbackAddress.Next(PostgresPort)))];
        _environment = new Dictionary<string, string?>
        {
            ["PATRONI_DIR"] = _directory,
            ["PATRONI_ADDRESSES"] = string.Join(' ', Members.Select(member => member.Address)),
        };
    }

    public IReadOnlyList<PatroniMember> Members { get; }

    /// <summary>All hosts; the gateway finds the primary among them.</summary>
    public string ConnectionString =>
        $"Host={string.Join(',', Members.Select(member => $"{member.Address}:{PostgresPort.ToString(CultureInfo.InvariantCulture)}"))};Username=smsgateway;Database=smsgateway";

    /// <summary>Why there can be none here; null = there can.</summary>
    public static string? Obstacle() => SearchPath.DirectoryWith("patroni") is not null && SearchPath.DirectoryWith("etcd") is not null
        ? null
        : "no Patroni or etcd here: sudo deploy/patroni/install-patroni.sh";

    /// <summary>Starts it; returns when there are a primary and its synchronous standby.</summary>
    public static async Task<PatroniCluster> StartAsync()
    {
        var cluster = new PatroniCluster();
        try
        {
            await cluster.HealAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The member that is primary by its own word; null = none is at the moment.</summary>
    public async Task<PatroniMember?> PrimaryAsync()
    {
        foreach (var member in Members)
        {
            if (await AnswersAsync(member, "primary"))
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>The standby that an answered COMMIT waited for; null = none at the moment.</summary>
    public async Task<PatroniMember?> SynchronousStandbyAsync()
    {
        foreach (var member in Members)
        {
            if (await AnswersAsync(member, "synchronous"))
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>kill -9 of everything of a member but etcd's other two: its Patroni, its PostgreSQL with all backends, its etcd. The machine is gone.</summary>
    public void Kill(PatroniMember member)
    {
        // Stopped first, so that nobody forks, and Patroni starts nothing again.
        var processes = Processes(member);
        foreach (var process in processes)
            Signals.Send(process, Signal.Stop);
        foreach (var process in processes.Union(Processes(member)))
            Signals.Send(process, Signal.Kill);
    }

    /// <summary>kill -9 of the member's PostgreSQL only; its Patroni lives.</summary>
    public void KillPostgres(PatroniMember member)
    {
        var postgres = Postgres(member);
        foreach (var process in postgres)
            Signals.Send(process, Signal.Stop);
        foreach (var process in postgres.Union(Postgres(member)))
            Signals.Send(process, Signal.Kill);
    }

    /// <summary>SIGSTOP of everything of a member: there, and silent.</summary>
    public void Freeze(PatroniMember member)
    {
        foreach (var process in Processes(member))
            Signals.Send(process, Signal.Stop);
    }

    public void Thaw(PatroniMember member)
    {
        foreach (var process in Processes(member))
            Signals.Send(process, Signal.Continue);
    }

    /// <summary>Starts what is missing again.</summary>
    public async Task HealAsync()
    {
        var script = Path.Combine(RepositoryPaths.Root, "deploy", "patroni", "up.sh");
        await using var process = ProcessUnderTest.Start("bash", [script], _environment, RepositoryPaths.Root);
        var code = await process.WaitForExitAsync(Start);
        if (code != 0)
        {
            throw new InvalidOperationException($"{script} ended with {code}:\n{process.Output}");
        }

        foreach (var running in Members.SelectMany(Processes))
            ProcessReaper.Add(running);
    }

    /// <summary>A planned switch to the synchronous standby.</summary>
    public async Task SwitchoverAsync()
    {
        // Answered when it is done.
        using var patient = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        var primary = await PrimaryAsync() ?? throw new InvalidOperationException("There is no primary to switch from.");
        using var body = new StringContent(JsonSerializer.Serialize(new { leader = primary.Name }));
        using var answer = await patient.PostAsync(new Uri($"http://{primary.Address}:{PatroniPort}/switchover"), body);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"No switchover: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>What Patroni, PostgreSQL under it, and etcd of each member wrote.</summary>
    public IEnumerable<(string Process, string Text)> Logs() =>
        Directory.EnumerateFiles(Path.Combine(_directory, "log"), "*.log").Select(file => (Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var member in Members)
        {
            Thaw(member);
            Kill(member);
        }

        await Eventually.TrueAsync(() => !Members.Any(member => Processes(member).Any(Signals.Exists)), "the cluster's processes are gone");
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    private async Task<bool> AnswersAsync(PatroniMember member, string role)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri($"http://{member.Address}:{PatroniPort}/{role}"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private List<int> Processes(PatroniMember member)
    {
        List<int> all = [.. Postgres(member)];
        foreach (var kind in (string[])["patroni", "etcd"])
        {
            var file = Path.Combine(_directory, "run", $"{kind}-{member.Name}.pid");
            if (File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var pid) && Signals.Exists(pid))
            {
                all.Add(pid);
                all.AddRange(Signals.Children(pid));
            }
        }

        return [.. all.Distinct()];
    }

    // By its working directory: backends outlive a postmaster that was killed.
    private List<int> Postgres(PatroniMember member)
    {
        var data = Path.Combine(_directory, "data", member.Name);
        return [.. Signals.WorkingIn(data)];
    }
}

/// <summary>One member: a data node in a failure domain of its own.</summary>
/// <param name="Name">Its name; the failure domain after the dot.</param>
/// <param name="Address">Where its parts listen.</param>
public sealed record PatroniMember(string Name, IPAddress Address);
