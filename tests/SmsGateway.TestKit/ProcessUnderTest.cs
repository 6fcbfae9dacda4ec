using System.Diagnostics;

namespace SmsGateway.TestKit;

/// <summary>A real process of a test: its output is kept (the newest <see cref="OutputLimit"/> lines), it can be hurt, and it never outlives the test host.</summary>
public sealed class ProcessUnderTest : IAsyncDisposable
{
    /// <summary>Lines of output kept; older ones are forgotten.</summary>
    public const int OutputLimit = 5000;

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();
    private readonly List<(Func<string, bool> Match, TaskCompletionSource<string> Found)> _waiters = [];
    private readonly Task _reading;

    private ProcessUnderTest(Process process)
    {
        _process = process;
        ProcessReaper.Add(process.Id);
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The exit code; 128 + signal when a signal ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The newest lines of standard output and error, oldest first.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>Starts a program; standard input is empty. A null value removes a variable of this process's environment.</summary>
    public static ProcessUnderTest Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? workingDirectory = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new ProcessUnderTest(process);
    }

    /// <summary>Starts a program of this repository by its project's name, such as SmsGateway.Host.</summary>
    public static ProcessUnderTest StartProject(
        string project, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var path = RepositoryPaths.Program(project);
        return Start("dotnet", [path, .. arguments], environment, Path.GetDirectoryName(path));
    }

    /// <summary>The first line, already printed or yet to come, that contains <paramref name="text"/>.</summary>
    public Task<string> WaitForLineAsync(string text, TimeSpan? timeout = null) =>
        WaitForLineAsync(line => line.Contains(text, StringComparison.Ordinal), $"a line with \"{text}\"", timeout);

    /// <exception cref="TimeoutException">No such line in time.</exception>
    /// <exception cref="InvalidOperationException">The process ended without it.</exception>
    public async Task<string> WaitForLineAsync(Func<string, bool> match, string what, TimeSpan? timeout = null)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_lines.FirstOrDefault(match) is { } line)
                return line;
            _waiters.Add((match, found));
        }
        try
        {
            var first = await Task.WhenAny(found.Task, _reading).WaitAsync(timeout ?? Eventually.DefaultTimeout);
            if (first != found.Task && !found.Task.IsCompleted)
                throw new InvalidOperationException($"Process {Id} ended without {what}:\n{Output}");
            return await found.Task;
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Process {Id} did not print {what}:\n{Output}", e);
        }
    }

    /// <summary>kill -9: what a power cut does to a process.</summary>
    public void Kill() => Send(Signal.Kill);

    /// <summary>SIGTERM: asks for a graceful stop.</summary>
    public void Terminate() => Send(Signal.Terminate);

    /// <summary>SIGSTOP: alive, and deaf.</summary>
    public void Suspend() => Send(Signal.Stop);

    public void Resume() => Send(Signal.Continue);

    public void Send(Signal signal)
    {
        if (!_process.HasExited)
            Signals.Send(Id, signal);
    }

    /// <summary>Waits for the end and all output; returns the exit code.</summary>
    /// <exception cref="TimeoutException">Still running; the message has the newest output.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan? timeout = null)
    {
        try
        {
            await Task.WhenAll(_process.WaitForExitAsync(), _reading).WaitAsync(timeout ?? Eventually.DefaultTimeout);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Process {Id} is still running:\n{Output}", e);
        }
        ProcessReaper.Remove(Id);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            Keep(line);
    }

    private void Keep(string line)
    {
        lock (_gate)
        {
            _lines.Enqueue(line);
            if (_lines.Count > OutputLimit)
                _lines.Dequeue();
            for (var i = _waiters.Count - 1; i >= 0; i--)
            {
                if (!_waiters[i].Match(line))
                    continue;
                _waiters[i].Found.TrySetResult(line);
                _waiters.RemoveAt(i);
            }
        }
    }
}
