using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace SmsGateway.Ledger;

/// <summary>Takes, renews and ends this node's lease; lists the nodes; takes over those that are dead.</summary>
public sealed class NodeLedger
{
    // Well below NodeWatch.LongestGap: a wait for one node's lock must not restart the count of all.
    private const string LockWait = "1s";
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly LedgerCore _core;
    private readonly NodeLease _lease;
    private volatile NodeMark? _mark;

    internal NodeLedger(LedgerCore core, NodeLease lease)
    {
        _core = core;
        _lease = lease;
    }

    /// <summary>What this node knows to be committed of its own row; null before it knows anything.</summary>
    public NodeMark? Mark => _mark;

    /// <summary>Takes over what an earlier process of this node knew.</summary>
    public void Remember(NodeMark mark) => _mark = mark;

    /// <summary>
    /// Takes a new epoch for this node's name and enters it, and the installation's keys, into the <see cref="NodeIdentity"/> and the
    /// <see cref="NodeLease"/>. From its COMMIT on every older epoch of the name is fenced. A name that another process holds is taken
    /// only when that process is known to have ended, or after it was seen silent for <see cref="LedgerOptions.LeaseDeadAfter"/>.
    /// </summary>
    /// <exception cref="NodeNameTakenException">Another process renews the lease of this name.</exception>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; registering again takes the next epoch.</exception>
    /// <exception cref="QuarantinedException">The ledger was restored to an earlier point in time, or shows less than this node has seen: nobody gets an epoch.</exception>
    /// <exception cref="SchemaMismatchException">The database was never migrated, or is another installation's than the one this node has the keys of.</exception>
    public async Task<NodeEpoch> RegisterAsync(string version, CancellationToken cancellationToken)
    {
        var keys = await ReadKeysAsync(cancellationToken);
        if (_core.Node.Installation is { } known && known != keys.Fingerprint())
        {
            throw new SchemaMismatchException(
                "The ledger is another installation's than the one this node worked with: its message ids would be others. Correct Ledger__ConnectionString.");
        }

        var watch = new NodeWatch(_core.Time, _core.Options);
        (long Epoch, long Counter)? first = null;
        while (true)
        {
            var held = await HeldAsync(cancellationToken);
            await RefuseThePastAsync(keys.Fingerprint(), held.Epoch, held.Counter, cancellationToken);
            if (IsFree(held) || watch.IsDead(watch.Observe([held.Standing(_core.Node.Name)])[default]))
            {
                if (await TakeAsync(version, held, keys, cancellationToken) is { } epoch)
                {
                    LedgerLog.Registered(_core.Loggers.CreateLogger<NodeLedger>(), _core.Node.Name, epoch.Epoch);
                    return epoch;
                }

                continue;
            }

            if (first is null)
            {
                LedgerLog.NameIsHeld(_core.Loggers.CreateLogger<NodeLedger>(), _core.Node.Name, _core.Options.LeaseDeadAfter);
                first = (held.Epoch, held.Counter);
            }

            if (first != (held.Epoch, held.Counter))
            {
                throw new NodeNameTakenException(
                    $"Another process holds a live lease under the node name '{_core.Node.Name}' (since {held.StartedAt:u}). " +
                    "Give this node another name (Node__Name), or stop the other process.");
            }

            await Task.Delay(LookAgain, _core.Time, cancellationToken);
        }
    }

    /// <summary>Renews the lease and reads all nodes, in one round trip.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach; the lease runs on until its time is up.</exception>
    public async Task<Renewal> RenewAsync(NodeReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        var sent = _lease.Moment();
        var epoch = _core.Node.Current;
        var (counted, nodes, latest) = await SoonAsync(soon => _core.RunAsync(
            b =>
            {
                b.Add(LedgerSql.RenewLease).With(epoch).With(sent.At).WithText(report.Reach?.ToJson())
                    .With(report.ConfigurationVersion).WithText(report.ConfigurationHash).With(report.Held);
                b.Add(LedgerSql.NodeDirectory);
            },
            async reader =>
            {
                var counted = await reader.ReadAsync() ? reader.GetInt64(0) : (long?)null;
                await reader.NextResultAsync();
                var (nodes, latest) = await NodeRows.ReadAsync(reader);
                return (counted, nodes, latest);
            },
            soon), cancellationToken);
        if (counted is { } counter)
        {
            // This one counted it up by one.
            await RefuseThePastAsync(_core.Node.Keys.Fingerprint(), epoch.Epoch, counter - 1, cancellationToken);
            _mark = new NodeMark(_core.Node.Keys.Fingerprint(), epoch.Epoch, counter);
        }
        else
        {
            _lease.End(epoch.Epoch);
        }

        return new Renewal(counted is not null && _lease.Renew(epoch.Epoch, sent), nodes, latest);
    }

    /// <summary>All nodes, by name, and the configuration in force.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public async Task<IReadOnlyList<NodeStanding>> ListAsync(CancellationToken cancellationToken) =>
        (await DirectoryAsync(cancellationToken)).Nodes;

    /// <summary>All nodes, by name, and the configuration version in force, without a renewal.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<(IReadOnlyList<NodeStanding> Nodes, long? LatestConfiguration)> DirectoryAsync(CancellationToken cancellationToken) =>
        SoonAsync(soon => _core.RunAsync(b => b.Add(LedgerSql.NodeDirectory), NodeRows.ReadAsync, soon), cancellationToken);

    /// <summary>
    /// Ends the lease of a node that was judged dead, if its row is still as it was seen. What it owns is swept afterwards. Waits up to 1 s for
    /// what that node has in commit, and puts an end to what it began and never sent to its end (a process that was stopped in mid-batch).
    /// </summary>
    /// <returns>False when it has renewed since, another node was faster, or a transaction of its epoch still holds its row: look and call again.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; call again.</exception>
    public async Task<bool> TakeOverAsync(NodeStanding dead, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dead);
        try
        {
            return await _core.RunAsync(
                b =>
                {
                    b.Add(LedgerSql.LockTimeout).With(LockWait);
                    b.Add(LedgerSql.EndUnfinished).With(dead.Id).With(dead.Epoch).With(dead.Counter).With(_core.Options.LeaseValidFor.TotalSeconds);
                    b.Add(LedgerSql.LockSeenNode).With(dead.Id).With(dead.Epoch).With(dead.Counter);
                    b.Add(LedgerSql.TakeOverNode).With(dead.Id).With(dead.Epoch).With(dead.Counter);
                },
                async reader => await reader.NextResultAsync() && await reader.NextResultAsync() && await reader.NextResultAsync() && await reader.ReadAsync(),
                cancellationToken);
        }
        catch (LedgerUnavailableException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable })
        {
            return false;
        }
    }

    /// <summary>Ends this node's own lease, so that the others sweep up what it owns at once. The last thing a node does.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown: then the others wait until it is silent for long enough.</exception>
    public Task LeaveAsync(CancellationToken cancellationToken)
    {
        var epoch = _core.Node.Current;
        _lease.End(epoch.Epoch);
        return _core.RunAsync(
            b =>
            {
                b.Add(LedgerSql.LockNode).With(_core.Node.Name);
                b.Add(LedgerSql.LeaveNode).With(epoch);
            },
            async reader => await reader.NextResultAsync() && await reader.ReadAsync(),
            cancellationToken);
    }

    /// <summary>What a node owns now, each counted up to <paramref name="limit"/>.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<NodeLeftovers> LeftoversAsync(NodeEpoch node, int limit, CancellationToken cancellationToken) => _core.RunAsync(
        b => b.Add(LedgerSql.Leftovers).With(node).With(limit),
        async reader =>
        {
            await reader.ReadAsync();
            return new NodeLeftovers(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        },
        cancellationToken);

    /// <summary>The installation's key for the keyed hash, made at migration.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    /// <exception cref="SchemaMismatchException">The database was never migrated.</exception>
    public Task<MessageKeys> ReadKeysAsync(CancellationToken cancellationToken) => LedgerCore.TranslatedAsync(async () =>
    {
        await using var context = new LedgerDbContext(LedgerDbContext.OptionsFor(await _core.Connections.ColdAsync(cancellationToken)));
        var installation = await context.Installations.AsNoTracking().SingleOrDefaultAsync(cancellationToken)
            ?? throw new SchemaMismatchException("The installation has no key yet: run `SmsGateway.Host migrate`.");
        return new MessageKeys(installation.Key);
    });

    // One connection that falls silent must not cost the lease: a third of it, then the next renewal goes over another one. The wait ends, not the
    // transaction; a renewal that counts late counts for nothing.
    private async Task<T> SoonAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_core.Options.LeaseValidFor / 3, _core.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await ask(either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            _core.Connections.Doubt();
            throw new LedgerUnavailableException($"The ledger was silent for {(_core.Options.LeaseValidFor / 3).TotalSeconds:0.#} s.");
        }
    }

    // The ledger shows less than this node has seen committed: it was restored to an earlier point in time. From here on nobody emits.
    private async Task RefuseThePastAsync(Guid installation, long epoch, long counter, CancellationToken cancellationToken)
    {
        if (_mark is not { } mark || mark.Installation != installation || !mark.IsAheadOf(epoch, counter))
        {
            return;
        }

        _lease.End(_lease.Epoch);
        var evidence = $"epoch {mark.Epoch}, renewal {mark.Counter} was committed; the ledger has epoch {epoch}, renewal {counter}";
        await _core.RunAsync(
            b =>
            {
                b.Add(LedgerSql.LockTimeout).With(LockWait);
                b.Add(LedgerSql.SuspectRestore).With(_core.Node.Name).With(evidence);
            },
            async reader => await reader.NextResultAsync() && await reader.ReadAsync(),
            cancellationToken);
        throw new QuarantinedException(
            $"The ledger has gone back in time ({evidence}): it was restored, and nothing is emitted until 'SmsGateway.Host restore quarantine' and 'restore release' (docs/restore.md).");
    }

    private bool IsMine(Held held) => held.Process is not null && held.Process == _core.Process;

    private bool IsFree(Held held) => !held.Live || IsMine(held) || ProcessIdentity.HasEnded(held.Process);

    private async Task<Held> HeldAsync(CancellationToken cancellationToken)
    {
        var rows = await _core.ReadAsync(
            b => b.Add(LedgerSql.NameHeld).With(_core.Node.Name),
            row => new Held(row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetDateTime(4)),
            cancellationToken);
        return rows.Count > 0 ? rows[0] : new Held(0, 0, Live: false, null, default);
    }

    private async Task<NodeEpoch?> TakeAsync(string version, Held seen, MessageKeys keys, CancellationToken cancellationToken)
    {
        var sent = _lease.Moment();
        var (name, site) = (_core.Node.Name, _core.Node.Site);
        var taken = await _core.RunAsync(
            b =>
            {
                b.Add(LedgerSql.AddNode).With(name).With(site).With(sent.At);
                b.Add(LedgerSql.LockNode).With(name);
                b.Add(LedgerSql.RaiseEpoch).With(name).With(site).With(version).With(sent.At).WithText(_core.Process).With(seen.Epoch).With(seen.Counter)
                    .With(IsMine(seen));
            },
            async reader =>
            {
                await reader.NextResultAsync();
                return await reader.ReadAsync() ? new NodeEpoch(reader.GetInt16(0), reader.GetInt64(1)) : (NodeEpoch?)null;
            },
            cancellationToken);
        if (taken is { } epoch)
        {
            _core.Node.Enter(epoch, keys);
            _mark = new NodeMark(keys.Fingerprint(), epoch.Epoch, 0);
            _lease.Begin(epoch.Epoch, sent);
        }

        return taken;
    }

    // Who holds the name, as its row says.
    private sealed record Held(long Epoch, long Counter, bool Live, string? Process, DateTime StartedAt)
    {
        public NodeStanding Standing(string name) =>
            new() { Id = default, Name = name, Site = "", Live = Live, Epoch = Epoch, Counter = Counter, StartedAt = StartedAt };
    }
}
