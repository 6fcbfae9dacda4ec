using Microsoft.EntityFrameworkCore;

namespace SmsGateway.Ledger;

/// <summary>Who changes something, for the audit.</summary>
/// <param name="Actor">The name of the admin key.</param>
/// <param name="Role">Its role.</param>
/// <param name="Note">Why; null when not told.</param>
public sealed record AuditActor(string Actor, string Role, string? Note);

/// <summary>Something that somebody changed.</summary>
/// <param name="Seq">Grows with each.</param>
/// <param name="At">When, by the clock of the node it was asked of.</param>
/// <param name="Actor">The name of the admin key.</param>
/// <param name="Role">Its role.</param>
/// <param name="Node">The node it was asked of.</param>
/// <param name="Action">What was done.</param>
/// <param name="Target">To what.</param>
/// <param name="Before">As it was; null when there is no such thing.</param>
/// <param name="After">As it is.</param>
/// <param name="Note">Why; null when not told.</param>
public sealed record AuditEvent(
    long Seq, DateTimeOffset At, string Actor, string Role, string Node, string Action, string Target, string? Before, string? After, string? Note);

/// <summary>The modes of nodes and sites, and who changed them. Each change and its line in the audit are one transaction.</summary>
public sealed class ModeLedger
{
    private readonly LedgerCore _core;

    internal ModeLedger(LedgerCore core) => _core = core;

    /// <summary>Gives a node a mode; it outlives a restart of the node.</summary>
    /// <returns>The mode before; null when there is no such node.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; setting again is safe.</exception>
    public Task<NodeMode?> SetNodeAsync(string name, NodeMode mode, AuditActor by, CancellationToken cancellationToken) =>
        SetAsync(LedgerSql.SetNodeMode, name, mode, by, cancellationToken);

    /// <summary>Gives a site a mode.</summary>
    /// <returns>The mode before; null when no node is of that site.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; setting again is safe.</exception>
    public Task<NodeMode?> SetSiteAsync(string name, NodeMode mode, AuditActor by, CancellationToken cancellationToken) =>
        SetAsync(LedgerSql.SetSiteMode, name, mode, by, cancellationToken);

    /// <summary>The audit, newest first.</summary>
    /// <param name="before">Only what is older than this <see cref="AuditEvent.Seq"/>; null = from the newest on.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<AuditEvent>> AuditAsync(long? before, int limit, CancellationToken cancellationToken) =>
        LedgerCore.TranslatedAsync<IReadOnlyList<AuditEvent>>(async () =>
        {
            await using var context = new LedgerDbContext(LedgerDbContext.OptionsFor(await _core.Connections.ColdAsync(cancellationToken)));
            return await context.Audits.Where(a => before == null || a.Seq < before).OrderByDescending(a => a.Seq).Take(limit)
                .Select(a => new AuditEvent(a.Seq, a.At, a.Actor, a.Role, a.Node, a.Action, a.Target, a.Before, a.After, a.Note))
                .ToListAsync(cancellationToken);
        });

    private async Task<NodeMode?> SetAsync(string sql, string name, NodeMode mode, AuditActor by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(by);
        var before = await _core.ReadAsync(
            b => b.Add(sql).With(name).With(mode.Word()).With(_core.Time.GetUtcNow()).With(by.Actor).With(by.Role).With(_core.Node.Name).WithText(by.Note),
            row => row.GetString(0),
            cancellationToken);
        return before.Count == 0 ? null : NodeModes.Parse(before[0]) ?? NodeMode.Down;
    }
}
