using System.Diagnostics;

namespace SmsGateway.TestKit;

// PostgreSQL in a container, through the command line of docker or podman, for machines without server binaries. A shell that waits on a pipe
// removes the container when this process ends. Kept plain: the project's own runs do not exercise it.
internal sealed class PostgresContainer : IAsyncDisposable
{
    private const string Guard = """trap '' INT HUP TERM; read -r _; "$1" rm -f "$2" """;

    private readonly Process _guard;

    private PostgresContainer(Process guard, int port)
    {
        (_guard, Port) = (guard, port);
    }

    public int Port { get; }

    public static string? FindEngine()
    {
        return ((string[])["docker", "podman"])
            .Select(name => SearchPath.DirectoryWith(name) is { } directory ? Path.Combine(directory, name) : null).FirstOrDefault(engine => engine is not null);
    }

    public static async Task<PostgresContainer> StartAsync(string engine, PostgresOptions options)
    {
        var name = "smsgateway-test-" + Guid.NewGuid().ToString("N")[..12];
        // The container's own network decides where the server listens.
        var settings = options.ToArguments().Chunk(2).Where(s => !s[1].StartsWith("listen_addresses", StringComparison.Ordinal)
            && !s[1].StartsWith("unix_socket_directories", StringComparison.Ordinal)).SelectMany(s => s);
        await RunAsync(engine,
            ["run", "--rm", "-d", "--name", name, "-p", "127.0.0.1::5432", "-e", "POSTGRES_HOST_AUTH_METHOD=trust", "postgres:17", .. settings]);
        var guard = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec >/dev/null 2>&1\n" + Guard, "sh", engine, name])
        {
            RedirectStandardInput = true,
        })!;
        var mapping = await RunAsync(engine, ["port", name, "5432/tcp"]);
        return new PostgresContainer(guard, int.Parse(mapping.Split('\n')[0].Split(':')[^1], null));
    }

    public async ValueTask DisposeAsync()
    {
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    private static async Task<string> RunAsync(string engine, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(engine, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? (await output).Trim() : throw new InvalidOperationException($"{engine} failed: {await errors}");
    }
}
