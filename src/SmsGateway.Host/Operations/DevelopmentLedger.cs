using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Operations;

// `dotnet run` without a connection string: in the environment Development the node brings a private PostgreSQL of its own, from the machine's
// programs, durable, in .local/dev-pg of the clone. It ends with the node, however the node ends; its data stays. Never in Production: there a
// missing connection string is a wrong option.
internal sealed class DevelopmentLedger : IAsyncDisposable
{
    private const string Database = "smsgateway";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _guard;
    private readonly string _place;

    private DevelopmentLedger(Process guard, string place, int port)
    {
        (_guard, _place) = (guard, place);
        ConnectionString = $"Host=127.0.0.1;Port={port.ToString(CultureInfo.InvariantCulture)};Username=smsgateway;Database={Database}";
    }

    public string ConnectionString { get; }

    /// <summary>
    /// Starts the server when it is wanted, brings it to the schema, and names it to the configuration.
    /// </summary>
    /// <returns>Null when a connection string is set, or outside Development. Dispose it after the node.</returns>
    /// <exception cref="DevelopmentLedgerException">It is wanted and cannot be had; the message says what to do.</exception>
    public static async Task<DevelopmentLedger?> StartIfWantedAsync(WebApplicationBuilder builder, CancellationToken stopping)
    {
        const string Key = $"{LedgerOptions.Section}:{nameof(LedgerOptions.ConnectionString)}";
        if (!builder.Environment.IsDevelopment() || !string.IsNullOrEmpty(builder.Configuration[Key]))
        {
            return null;
        }

        var programs = PostgresPrograms.Find() ?? throw new DevelopmentLedgerException(
            "There is no ledger: Ledger__ConnectionString is not set, and no PostgreSQL programs are on this machine to start a private one. "
            + "Install PostgreSQL 15 or newer (Debian: apt-get install postgresql-15), or set Ledger__ConnectionString.");
        var place = Path.Combine(Repository.RootAbove(builder.Environment.ContentRootPath) ?? builder.Environment.ContentRootPath, ".local", "dev-pg");
        var ledger = await StartAsync(programs, place, stopping);
        try
        {
            await ledger.AwaitServerAsync(stopping);
            await LedgerMigrator.MigrateAsync(ledger.ConnectionString, TimeProvider.System, stopping);
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }

        builder.Configuration[Key] = ledger.ConnectionString;
        return ledger;
    }

    public static async Task<DevelopmentLedger> StartAsync(string programs, string place, CancellationToken stopping)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("setsid") // away from the terminal's process group: Ctrl-C is the node's, not the server's
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        string[] arguments =
        [
            "--wait", "/bin/sh", "-c", Script(), "sh", place, programs, port.ToString(CultureInfo.InvariantCulture),
            "/var/lib/smsgateway-dev-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(place)))[..8],
            .. Environment.IsPrivilegedProcess ? PostgresPrograms.AsServerUser() : [],
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var guard = Process.Start(start) ?? throw new DevelopmentLedgerException("setsid could not be started");
        var said = await guard.StandardOutput.ReadLineAsync(stopping);
        if (said == "started")
        {
            return new DevelopmentLedger(guard, place, port);
        }

        var rest = await guard.StandardOutput.ReadToEndAsync(stopping);
        guard.Dispose();
        throw new DevelopmentLedgerException($"The private PostgreSQL in {place} could not be prepared:\n{said}\n{rest}");
    }

    /// <summary>Waits until the server takes connections and makes the database.</summary>
    public async Task AwaitServerAsync(CancellationToken stopping)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var started = TimeProvider.System.GetTimestamp();
        while (!await TryCreateDatabaseAsync(stopping))
        {
            if (_guard.HasExited || TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new DevelopmentLedgerException(
                    $"The private PostgreSQL does not start; {Path.Combine(_place, "server.log")} says why. If another node runs it, stop that node, or set Ledger__ConnectionString.");
            }

            await pause.WaitForNextTickAsync(stopping);
        }
    }

    /// <summary>Applies the clone's sample configuration to a ledger that has none.</summary>
    public static async Task SeedAsync(IServiceProvider services, CancellationToken stopping)
    {
        var root = Repository.RootAbove(services.GetRequiredService<IHostEnvironment>().ContentRootPath);
        var seed = root is null ? null : Path.Combine(root, "deploy", "local", "seed.json");
        if (seed is not null && File.Exists(seed))
        {
            await new ConfigurationCommands(services.GetRequiredService<ConfigurationStore>(), Console.Out, Console.Error)
                .RunAsync(["apply", seed, "--if-empty"], stopping);
        }
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        _guard.StandardInput.Close();
        await _guard.WaitForExitAsync();
        _guard.Dispose();
    }

    private async Task<bool> TryCreateDatabaseAsync(CancellationToken stopping)
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = "postgres", Pooling = false, Timeout = 5 }.ConnectionString);
            await connection.OpenAsync(stopping);
            await using var create = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
            await create.ExecuteNonQueryAsync(stopping);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // not listening yet, or starting up
        }
    }

    private static string Script()
    {
        using var stream = typeof(DevelopmentLedger).Assembly.GetManifestResourceStream("development-ledger.sh")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

/// <summary>The convenience cannot be given; the message is for the developer.</summary>
internal sealed class DevelopmentLedgerException(string message) : Exception(message);
