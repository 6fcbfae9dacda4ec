using System.Diagnostics;
using System.Globalization;

namespace SmsGateway.TestKit;

// A private server from the machine's binaries, run by a guard shell that obeys words on its standard input. When this process ends in any way the
// pipe closes, and the guard kills the server and removes its directory. Root may not run PostgreSQL: setpriv drops to postgres, or to nobody.
internal sealed class PostgresServer : IAsyncDisposable
{
    // PGROOT: the directory; PGBIN: initdb and postgres; PGCOPY: the server whose standby this becomes, empty for none; the arguments: the server's command line.
    private const string Guard = """
        trap '' INT HUP TERM PIPE
        umask 077
        pid=
        end() { [ -z "$pid" ] || { kill -"$1" "$pid"; kill -CONT "$pid"; wait "$pid"; pid=; }; }
        mkdir "$PGROOT" && cd "$PGROOT" && exec 2>>log &&
          if [ -z "$PGCOPY" ]; then
            "$PGBIN/initdb" -D data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync --no-instructions
          else
            "$PGBIN/pg_basebackup" -D data -d "$PGCOPY" -R -X stream -c fast --no-sync
          fi >>log && echo initialised || echo failed
        while read -r word rest; do
          case $word in
            backup) "$PGBIN/pg_basebackup" -h 127.0.0.1 -p "$PGPORT" -U postgres -D base -c fast -X fetch >>log && echo done || echo failed ;;
            restore) mv data lost && cp -a base data && : >data/recovery.signal &&
              printf "restore_command = 'cp ../archive/%%f %%p'\nrecovery_target_time = '%s'\nrecovery_target_action = 'promote'\n" "$rest" >>data/postgresql.auto.conf &&
              echo done || echo failed ;;
            start) "$@" </dev/null >>log 2>&1 & pid=$!; echo "$pid" ;;
            *) end "$word"; echo stopped ;;
          esac
        done
        end QUIT
        cd / && rm -rf "$PGROOT"
        """;

    private readonly Process _guard;
    private readonly string _directory;

    private PostgresServer(Process guard, string directory, int port)
    {
        (_guard, _directory, Port) = (guard, directory, port);
    }

    public int Port { get; }

    /// <summary>The postmaster's process id, null while stopped.</summary>
    public int? ProcessId { get; private set; }

    /// <summary>The end of the server's log, where it may be read.</summary>
    public string LogTail
    {
        get
        {
            var path = Path.Combine(_directory, "log");
            return File.Exists(path) ? string.Join('\n', File.ReadLines(path).TakeLast(30)) : "(no log)";
        }
    }

    public bool IsRunning => ProcessId is { } pid && Signals.Exists(pid);

    /// <param name="binaries">Where the server's programs are.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="copyOf">libpq's connection string of the server whose streaming standby it becomes; null = a new cluster.</param>
    public static async Task<PostgresServer> InitialiseAsync(string binaries, PostgresOptions options, string? copyOf = null)
    {
        // Directly below the world-writable temp directory and not yet there, so that the server's own user can create it.
        var directory = Path.Combine(Path.GetTempPath(), "smsgateway-pg-" + Guid.NewGuid().ToString("N")[..12]);
        var port = FreePort.Next();
        // A session of its own: a signal to the test host's whole group, such as a timeout's, must not keep it from tidying up.
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        string[] command =
        [
            .. Environment.IsPrivilegedProcess ? DropRoot() : [],
            "/bin/sh", "-c", Guard, "sh", Path.Combine(binaries, "postgres"), "-D", "data", "-p", port.ToString(CultureInfo.InvariantCulture),
            .. options.ToArguments(),
        ];
        foreach (var argument in command)
            start.ArgumentList.Add(argument);
        start.Environment["PGROOT"] = directory;
        start.Environment["PGBIN"] = binaries;
        start.Environment["PGCOPY"] = copyOf ?? "";
        start.Environment["PGPORT"] = port.ToString(CultureInfo.InvariantCulture);
        var server = new PostgresServer(Process.Start(start)!, directory, port);
        if (await server._guard.StandardOutput.ReadLineAsync() != "initialised")
        {
            var log = server.LogTail;
            await server.DisposeAsync();
            throw new InvalidOperationException($"{(copyOf is null ? "initdb" : "pg_basebackup")} of {binaries} failed:\n{log}");
        }
        return server;
    }

    public async Task StartAsync() => ProcessId = int.Parse((await TellAsync("start"))!, CultureInfo.InvariantCulture);

    /// <summary>INT is a fast stop, QUIT an immediate one that leaves recovery to the next start.</summary>
    public async Task StopAsync(string signal)
    {
        await TellAsync(signal);
        ProcessId = null;
    }

    /// <summary>A base backup of the running server, by pg_basebackup.</summary>
    public Task BackUpAsync() => DoneAsync("backup");

    /// <summary>Puts the base backup in the place of the stopped server's data, to be recovered from the archive to a point in time at the next start.</summary>
    public Task RestoreAsync(DateTimeOffset to) => DoneAsync("restore " + to.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture));

    /// <summary>kill -9 of the server and every backend, as when the machine goes.</summary>
    public async Task KillAsync()
    {
        // Stopped first, so that it cannot fork between the listing and the kill.
        Signals.Send(ProcessId!.Value, Signal.Stop);
        var backends = Signals.Children(ProcessId.Value);
        foreach (var backend in backends)
            Signals.Send(backend, Signal.Kill);
        await StopAsync("KILL");
        await Eventually.TrueAsync(() => !backends.Any(Signals.Exists), "backends of the killed server gone");
    }

    /// <summary>SIGSTOP of the server and every backend, or its end: a ledger that is there and does not answer.</summary>
    public void Freeze(bool frozen)
    {
        var postmaster = ProcessId!.Value;
        var signal = frozen ? Signal.Stop : Signal.Continue;
        Signals.Send(postmaster, signal);
        foreach (var backend in Signals.Children(postmaster))
            Signals.Send(backend, signal);
    }

    public async ValueTask DisposeAsync()
    {
        if (ProcessId is not null && IsRunning)
            Freeze(false);
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    private static string[] DropRoot() =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal))
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--inh-caps=-all", "--"]
            : ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--"];

    private async Task DoneAsync(string word)
    {
        if (await TellAsync(word) != "done")
            throw new InvalidOperationException($"{word} failed:\n{LogTail}");
    }

    private async Task<string?> TellAsync(string word)
    {
        await _guard.StandardInput.WriteLineAsync(word);
        await _guard.StandardInput.FlushAsync();
        return await _guard.StandardOutput.ReadLineAsync();
    }
}
