namespace SmsGateway.Ledger;

/// <summary>What became of waiting MOs in one pass.</summary>
/// <param name="Forwarded">Now owed to their accounts.</param>
/// <param name="Suppressed">Now on the parked list.</param>
public readonly record struct MosDecided(int Forwarded, int Suppressed);

/// <summary>
/// MOs that came again without an id by which a carrier's repeat could be told from a handset's second message: whether the carrier got the first
/// one's acknowledgement decides. Proof is told by the node that acknowledged; the decision is anybody's.
/// </summary>
public sealed class MoRepeats
{
    // The proof is final 15 s after the MO came; a node that lives and did not tell by now never will.
    private static readonly TimeSpan UnprovenAfter = TimeSpan.FromMinutes(1);

    private readonly LedgerCore _core;

    internal MoRepeats(LedgerCore core) => _core = core;

    /// <summary>Tells of acknowledgements of MOs whether they are proven to have arrived. A fact: told by whoever knows, however late.</summary>
    /// <returns>The MOs that needed it and have it; others are not stored yet, wait themselves, or were suppressed.</returns>
    /// <exception cref="LedgerUnavailableException">Not told, or unknown; tell again.</exception>
    public async Task<IReadOnlySet<Guid>> ProveAsync(IReadOnlyList<(Guid Id, bool Arrived)> answers, CancellationToken cancellationToken)
    {
        var sorted = answers.OrderBy(a => a.Id).ToArray();
        var ids = Array.ConvertAll(sorted, a => a.Id);
        var proofs = Array.ConvertAll(sorted, a => (short)(a.Arrived ? 1 : 2));
        var told = await _core.ReadAsync(
            b =>
            {
                b.Add(LedgerSql.ProveMoFirsts).With(ids).With(proofs);
                b.Add(LedgerSql.ProveMoSuspects).With(ids).With(proofs);
            },
            row => row.GetGuid(0),
            cancellationToken);
        return told.ToHashSet();
    }

    /// <summary>Decides the oldest waiting MO of each content, if what decides it is known; forwarded ones are this node's to deliver.</summary>
    /// <exception cref="LedgerUnavailableException">Not decided, or unknown; again is safe.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over.</exception>
    public async Task<MosDecided> DecideAsync(int limit, CancellationToken cancellationToken)
    {
        var (now, epoch, due) = (_core.Time.GetUtcNow(), _core.Node.Current, _core.DueAfterGrace());
        var deliveries = new List<Delivery>();
        var suppressed = await _core.RunAsync(
            b =>
            {
                b.Enter(epoch);
                b.Add(LedgerSql.DecideMos).With(now).With(due).With(limit).With(now - UnprovenAfter).With(epoch);
            },
            async reader =>
            {
                var count = 0L;
                await reader.NextResultAsync();
                while (await reader.ReadAsync())
                {
                    count = reader.GetInt64(DeliveryRows.Columns);
                    if (!reader.IsDBNull(0))
                    {
                        deliveries.Add(DeliveryRows.Read(reader));
                    }
                }

                return count;
            },
            cancellationToken);
        _core.Feed.Announce(deliveries);
        return new MosDecided(deliveries.Count, (int)suppressed);
    }

    /// <summary>Forgets contents that nothing can repeat any more, of MOs and of MTs. What a node may hold in its journal yet can repeat them.</summary>
    /// <returns>Whether there may be more.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach; again is safe.</exception>
    public async Task<bool> ForgetAsync(int limit, CancellationToken cancellationToken)
    {
        var now = _core.Time.GetUtcNow();
        var played = now - _core.Options.OldestPlayed();
        var mos = await _core.ReadAsync(b => b.Add(LedgerSql.ForgetMoFirsts).With(now).With(limit).With(played), row => row.GetGuid(0), cancellationToken);
        var mts = await _core.ReadAsync(b => b.Add(LedgerSql.ForgetContents).With(now).With(limit).With(played), row => row.GetGuid(0), cancellationToken);
        return mos.Count >= limit || mts.Count >= limit;
    }
}
