using System.Globalization;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Snapshots;

/// <summary>The commands <c>restore status | quarantine [--since TIME] | release [--false-alarm]</c>, after a restore of the ledger to a point in time.</summary>
/// <remarks>Exit codes: 0 done, 1 the ledger stands in the way, 2 the command line is wrong or there is nothing to do it to.</remarks>
internal sealed class RestoreCommands(RestoreLedger restores, TextWriter output, TextWriter errors)
{
    private const string Usage = "usage: restore status | restore quarantine [--since TIME] | restore release [--false-alarm]   (TIME as in 2026-11-27T01:02:03Z)";
    private static readonly AuditActor By = new(Environment.UserName, "command", null);

    /// <param name="arguments">Without the leading "restore".</param>
    /// <param name="cancellation">Ends the waits for the ledger.</param>
    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        try
        {
            return arguments switch
            {
                ["status"] => await TellAsync(await restores.StatusAsync(cancellation)),
                ["quarantine"] => await TellAsync(await restores.QuarantineAsync(null, By, cancellation)),
                ["quarantine", "--since", var text] when DateTimeOffset.TryParse(
                    text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var since) =>
                    await TellAsync(await restores.QuarantineAsync(since, By, cancellation)),
                ["release"] => await ReleaseAsync(falseAlarm: false, cancellation),
                ["release", "--false-alarm"] => await ReleaseAsync(falseAlarm: true, cancellation),
                _ => await FailAsync(Usage),
            };
        }
        catch (Exception e) when (LedgerTrouble.Explain(e) is { } explanation)
        {
            await errors.WriteLineAsync(explanation);
            return 1;
        }
    }

    private async Task<int> ReleaseAsync(bool falseAlarm, CancellationToken cancellation)
    {
        if (await restores.ReleaseAsync(falseAlarm, By, cancellation))
        {
            return await TellAsync(await restores.StatusAsync(cancellation));
        }

        return await restores.StatusAsync(cancellation) switch
        {
            { IsOpen: true, QuarantinedAt: null } => await FailAsync(
                "A node saw the ledger go back in time, and nothing was put in doubt yet: run 'restore quarantine' first. If nothing was restored: 'restore release --false-alarm'."),
            { IsOpen: true } => await FailAsync("Everything was put in doubt already, so it is no false alarm any more: run 'restore release'."),
            _ => await FailAsync("There is no quarantine."),
        };
    }

    private async Task<int> TellAsync(RestoreStatus? status)
    {
        if (status is null)
        {
            await output.WriteLineAsync("no restore is known to this ledger");
            return 0;
        }

        await output.WriteLineAsync($"restore {status.Seq}: {State(status)}");
        await output.WriteLineAsync($"opened {status.OpenedAt:u} by {status.OpenedBy}{(status.Evidence is null ? "" : $": {status.Evidence}")}");
        if (status.Since is { } since)
        {
            await output.WriteLineAsync($"window {since:u} .. {status.QuarantinedAt:u}: what was accepted in it is not in this ledger, nor are its keys; what is left of it is");
            await output.WriteLineAsync("with carriers and customers. A customer who sends such a message again has it sent again. Empty when the WAL was replayed to its end.");
        }

        await output.WriteLineAsync($"put in doubt: {status.Segments} waiting segments, {status.Attempts} open attempts; undecided of them: {status.InDoubt}");
        await output.WriteLineAsync($"now waiting: {status.Waiting} segments; owed to customers (offered again with the same ids): {status.Owed} deliveries");
        return 0;
    }

    private static string State(RestoreStatus status) => status switch
    {
        { IsOpen: false, QuarantinedAt: null } => $"was a false alarm, released {status.ReleasedAt:u}",
        { IsOpen: false } => $"released {status.ReleasedAt:u}",
        { QuarantinedAt: null } => "suspected; no node emits. Next: 'restore quarantine' (or 'restore release --false-alarm' if nothing was restored)",
        _ => $"in quarantine since {status.QuarantinedAt:u}; no node emits. Next: 'restore release'",
    };

    private async Task<int> FailAsync(string text)
    {
        await errors.WriteLineAsync(text);
        return 2;
    }
}
