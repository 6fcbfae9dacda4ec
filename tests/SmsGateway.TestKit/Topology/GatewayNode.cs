namespace SmsGateway.TestKit.Topology;

/// <summary>One node of a topology: where it listens, and its process, which may be hurt and started again.</summary>
public sealed class GatewayNode(string name, string address) : IAsyncDisposable
{
    private static readonly TimeSpan OrderlyEnd = TimeSpan.FromSeconds(60);

    private ProcessUnderTest? _process;

    public string Name => name;

    /// <summary>What follows the dot of its name.</summary>
    public string Site => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];

    public Uri Receiver { get; } = new($"http://{address}:8080/httpapi/receiver");

    public Uri Admin { get; } = new($"http://{address}:8081");

    /// <summary>HOST:PORT of its SMPP server.</summary>
    public string Smpp { get; } = $"{address}:2775";

    /// <summary>Its present process, or the last one.</summary>
    public ProcessUnderTest Process => _process ?? throw new InvalidOperationException($"{name} was never started");

    public bool Started => _process is not null;

    public bool Running => _process is { HasExited: false } && !Ended;

    /// <summary>A test killed it or stopped it in order, and did not start it again.</summary>
    public bool Ended { get; private set; }

    public bool Suspended { get; private set; }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        (Ended, Suspended) = (true, false);
        Process.Kill();
        await Process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits for its orderly end.</summary>
    public async Task TerminateAsync()
    {
        Ended = true;
        Process.Terminate();
        var code = await Process.WaitForExitAsync(OrderlyEnd);
        if (code != 0)
            throw new InvalidOperationException($"{name} did not end in order ({code}):\n{Process.Output}");
    }

    /// <summary>SIGSTOP: alive, and deaf.</summary>
    public void Suspend()
    {
        Suspended = true;
        Process.Suspend();
    }

    /// <summary>SIGCONT.</summary>
    public void Resume()
    {
        Process.Resume();
        Suspended = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    internal async Task StartAsync(Func<ProcessUnderTest> start)
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _process = start();
        (Ended, Suspended) = (false, false);
    }
}
