using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace SmsGateway.Ledger;

/// <summary>One version of the configuration document.</summary>
/// <param name="Version">Grows with each apply.</param>
/// <param name="Document">The whole document, JSON.</param>
/// <param name="Hash">Hash of its canonical form, as the caller gave it.</param>
/// <param name="AppliedAt">When.</param>
/// <param name="AppliedBy">By whom.</param>
/// <param name="Note">Why; null when not told.</param>
public sealed record ConfigurationVersion(long Version, string Document, string Hash, DateTimeOffset AppliedAt, string AppliedBy, string? Note);

/// <summary>The versioned configuration: whole documents, the highest version is in force; roll back by applying an older one again.</summary>
public sealed class ConfigurationStore
{
    private const string Channel = "smsgateway_configuration";
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    private readonly LedgerCore _core;

    internal ConfigurationStore(LedgerCore core) => _core = core;

    /// <summary>The version in force; null when none was ever applied.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<ConfigurationVersion?> LatestAsync(CancellationToken cancellationToken) => NewerAsync(0, cancellationToken);

    /// <summary>A version by its number; null when there is none.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<ConfigurationVersion?> VersionAsync(long version, CancellationToken cancellationToken) => LedgerCore.TranslatedAsync(async () =>
    {
        await using var context = await ContextAsync(cancellationToken);
        return await context.Configurations.Where(c => c.Version == version)
            .Select(c => new ConfigurationVersion(c.Version, c.Document, c.Hash, c.AppliedAt, c.AppliedBy, c.Note))
            .FirstOrDefaultAsync(cancellationToken);
    });

    /// <summary>Makes a document the one in force, then tells the nodes.</summary>
    /// <param name="document">The whole document, JSON.</param>
    /// <param name="hash">Hash of its canonical form.</param>
    /// <param name="appliedBy">By whom.</param>
    /// <param name="note">Why; may be null.</param>
    /// <param name="onlyIfEmpty">Apply nothing when there is a version already.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The new version, or null when <paramref name="onlyIfEmpty"/> kept it out.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown whether it was applied.</exception>
    /// <exception cref="LedgerDefectException">The document is not JSON.</exception>
    public Task<long?> ApplyAsync(string document, string hash, string appliedBy, string? note, bool onlyIfEmpty, CancellationToken cancellationToken) =>
        LedgerCore.TranslatedAsync(async () =>
        {
            var row = new ConfigurationRow { Document = document, Hash = hash, AppliedAt = _core.Time.GetUtcNow(), AppliedBy = appliedBy, Note = note };
            await using var context = await ContextAsync(cancellationToken);
            await using (var transaction = await context.Database.BeginTransactionAsync(cancellationToken))
            {
                // One at a time, so that "only if empty" means it.
                await context.Database.ExecuteSqlRawAsync("SELECT pg_advisory_xact_lock(7310004)", cancellationToken);
                if (onlyIfEmpty && await context.Configurations.AnyAsync(cancellationToken))
                {
                    return (long?)null;
                }

                context.Add(row);
                try
                {
                    await context.SaveChangesAsync(cancellationToken);
                }
                catch (DbUpdateException e) when (e.InnerException is PostgresException inner)
                {
                    throw inner;
                }

                await transaction.CommitAsync(cancellationToken);
            }

            // Never inside the transaction that writes: the lock of NOTIFY is held through the wait for the standby.
            await context.Database.ExecuteSqlRawAsync("NOTIFY " + Channel, cancellationToken);
            return row.Version;
        });

    /// <summary>
    /// Yields the version in force whenever it is newer than <paramref name="known"/> or the last one yielded, within a second:
    /// LISTEN is the hint, a poll each second the truth. Goes on through outages of the ledger; ends with the token.
    /// </summary>
    public async IAsyncEnumerable<ConfigurationVersion> WatchAsync(long known, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        NpgsqlConnection? listener = null;
        var replaced = CancellationToken.None;
        var isAway = false;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                ConfigurationVersion? next = null;
                try
                {
                    if (listener is null)
                    {
                        // A connection of its own. What was notified before it listened is found by the read that follows.
                        (listener, replaced) = await _core.Connections.ListenAsync(Channel, told: null, cancellationToken);
                    }

                    using var either = CancellationTokenSource.CreateLinkedTokenSource(replaced, cancellationToken);
                    next = await NewerAsync(known, either.Token);
                    isAway = false;
                    if (next is null)
                    {
                        await listener.WaitAsync(Poll, either.Token);
                    }
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    break;
                }
                catch (Exception e) when (e is not OutOfMemoryException) // whatever the ledger answers (a login refused, a table missing): the node goes on with what it has
                {
                    if (!isAway)
                    {
                        LedgerLog.ConfigurationOutOfReach(_core.Loggers.CreateLogger<ConfigurationStore>(), e.Message);
                    }

                    isAway = true;
                    await CloseAsync(listener);
                    listener = null;
                    await Task.Delay(Poll, _core.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                if (next is not null)
                {
                    known = next.Version;
                    yield return next;
                }
            }
        }
        finally
        {
            await CloseAsync(listener);
        }
    }

    private static ValueTask CloseAsync(NpgsqlConnection? connection) => connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task<ConfigurationVersion?> NewerAsync(long known, CancellationToken cancellationToken) => LedgerCore.TranslatedAsync(async () =>
    {
        await using var context = await ContextAsync(cancellationToken);
        return await context.Configurations.Where(c => c.Version > known).OrderByDescending(c => c.Version)
            .Select(c => new ConfigurationVersion(c.Version, c.Document, c.Hash, c.AppliedAt, c.AppliedBy, c.Note))
            .FirstOrDefaultAsync(cancellationToken);
    });

    private async Task<LedgerDbContext> ContextAsync(CancellationToken cancellationToken) =>
        new(LedgerDbContext.OptionsFor(await _core.Connections.ColdAsync(cancellationToken)));
}
