using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Snapshots;
using SmsGateway.Ledger;

namespace SmsGateway.Host;

// What the program does besides being a node: it does one thing to the ledger and ends. Exit codes: 0 done, 1 the options or
// the ledger stand in the way, 2 the command line or the file is wrong.
internal static class GatewayCommands
{
    private const string Usage = """
        usage: SmsGateway.Host                                  run a node
               SmsGateway.Host migrate                          bring the ledger to the schema of this version
               SmsGateway.Host config apply FILE [--if-empty]   put a configuration in force, all of it or nothing
               SmsGateway.Host config export [--version N]      print the configuration in force, or an older one
               SmsGateway.Host hold list FILE|DIRECTORY         what a node's journal holds
               SmsGateway.Host hold replay FILE|DIRECTORY [--force]
                                                                play it into the ledger, from any machine, under a node name of its own; --force: also when too old
               SmsGateway.Host restore status                   whether the ledger is in quarantine after a restore to a point in time
               SmsGateway.Host restore quarantine [--since TIME] put in doubt whatever may have been emitted since that point
               SmsGateway.Host restore release [--false-alarm]  let nodes emit again
        Options come from appsettings.json, the environment (Section__Name) and the command line (--Section:Name).
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args[0] is "help" or "--help")
        {
            await Console.Out.WriteLineAsync(Usage);
            return 0;
        }

        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.AddGateway();
        if (!OptionsReport.Accepts(builder, Console.Error))
        {
            return OptionsReport.ExitCode;
        }

        await using var app = builder.Build();
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            interrupted.Cancel();
        };
        try
        {
            return await RunAsync(app.Services, args, interrupted.Token);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"Interrupted. What was committed stays; '{string.Join(' ', args)}' may be given again.");
            return 1;
        }
    }

    private static async Task<int> RunAsync(IServiceProvider services, string[] args, CancellationToken cancellation) => args[0] switch
    {
        "migrate" => await MigrateAsync(services, cancellation),
        "restore" => await new RestoreCommands(services.GetRequiredService<RestoreLedger>(), Console.Out, Console.Error).RunAsync(args[1..], cancellation),
        "hold" => await HoldAsync(services, args[1..], cancellation),
        _ => await new ConfigurationCommands(services.GetRequiredService<ConfigurationStore>(), Console.Out, Console.Error).RunAsync(args[1..], cancellation),
    };

    private static async Task<int> HoldAsync(IServiceProvider services, string[] args, CancellationToken cancellation)
    {
        try
        {
            return await new HoldCommands(
                services.GetRequiredService<Playback>, services.GetRequiredService<NodeLedger>(), services.GetRequiredService<LedgerOptions>(),
                services.GetRequiredService<TimeProvider>(), Console.Out, Console.Error).RunAsync(args, cancellation);
        }
        catch (Exception error) when (LedgerTrouble.Explain(error) is { } explanation)
        {
            await Console.Error.WriteLineAsync(explanation);
            return 1;
        }
    }

    private static async Task<int> MigrateAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var connection = services.GetRequiredService<IOptions<LedgerOptions>>().Value.ConnectionString;
        try
        {
            var applied = await LedgerMigrator.MigrateAsync(connection, services.GetRequiredService<TimeProvider>(), cancellation);
            await Console.Out.WriteLineAsync(applied.Count == 0 ? "the schema is up to date" : $"applied: {string.Join(", ", applied)}");
            return 0;
        }
        catch (Exception error) when (LedgerTrouble.Explain(error) is { } explanation)
        {
            await Console.Error.WriteLineAsync(explanation);
            return 1;
        }
    }
}
