using SmsGateway.Host.Flow;
using SmsGateway.Host.Hold;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Carriers;

// Tells the ledger which acknowledgements of MOs arrived, and decides the MOs that wait for that, those of nodes that are gone too.
internal sealed partial class MoSweeps(
    MoAnswers answers,
    MoRepeats repeats,
    NodeStance stance,
    Holding holding,
    OutboxPump outbox,
    LeaseLoop lease,
    TimeProvider time,
    ILogger<MoSweeps> logger) : LedgerLoop(TimeSpan.FromSeconds(1), lease, time, logger)
{
    private const int MostPerPass = 2_000;
    private const int MostTold = 1_000;
    private readonly ILogger _logger = logger;

    protected override async Task<bool> PassAsync(CancellationToken stopping)
    {
        var lost = holding.LedgerLost; // before the look: what is known of MOs that were answered until the ledger came back is in it
        var known = answers.Look(holding.IsOn || holding.Journal?.Left(FactKind.Mo) > 0);
        if (holding.IsOn)
        {
            return false; // waiting for the ledger here would miss when answers are written
        }

        foreach (var some in known.Chunk(MostTold))
        {
            answers.Told(await repeats.ProveAsync(some, stopping).ConfigureAwait(false));
        }

        answers.AllTold(lost);
        if (!stance.Emits)
        {
            return false;
        }

        var decided = await repeats.DecideAsync(MostPerPass, stopping).ConfigureAwait(false);
        if (decided.Forwarded > 0)
        {
            outbox.Wake();
        }

        if (decided.Suppressed > 0)
        {
            Suppressed(_logger, decided.Suppressed);
        }

        return await repeats.ForgetAsync(MostPerPass, stopping).ConfigureAwait(false) || decided.Forwarded + decided.Suppressed > 0;
    }

    [LoggerMessage(3801, LogLevel.Information, "{Count} MOs are the same as one whose acknowledgement may not have arrived: suppressed, listed under parked")]
    private static partial void Suppressed(ILogger logger, int count);

    // Next free id here: 3802.
}
