namespace SmsGateway.Ledger;

/// <summary>The binds that a carrier allows in all, shared by all nodes: numbered places, held under an epoch.</summary>
public sealed class BindSlotLedger
{
    private readonly LedgerCore _core;

    internal BindSlotLedger(LedgerCore core) => _core = core;

    /// <summary>Takes a place that nobody live holds.</summary>
    /// <param name="connector">The connector.</param>
    /// <param name="maxBinds">Places in all, 1 and up.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its number, 1 to <paramref name="maxBinds"/>; null when none is free now, or this node's epoch is gone.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBinds"/> is below 1.</exception>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown: a place taken unknowingly comes free with this node's epoch.</exception>
    public async Task<int?> TakeAsync(string connector, int maxBinds, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBinds, 1);
        var epoch = _core.Node.Current;
        return await _core.RunAsync(
            b =>
            {
                b.Add(LedgerSql.LockBindSlots).With(connector);
                b.Add(LedgerSql.ShareEpoch).With(epoch);
                b.Add(LedgerSql.TakeBindSlot).With(connector).With(maxBinds).With(epoch);
            },
            async reader => await reader.NextResultAsync() && await reader.NextResultAsync() && await reader.ReadAsync() ? reader.GetInt32(0) : (int?)null,
            cancellationToken);
    }

    /// <summary>Gives a place back; nothing happens when this process does not hold it.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach, or unknown; releasing again is safe.</exception>
    public Task ReleaseAsync(string connector, int slot, CancellationToken cancellationToken) => _core.ReadAsync(
        b => b.Add(LedgerSql.ReleaseBindSlot).With(connector).With(slot).With(_core.Node.Current).WithText(_core.Process), _ => 0, cancellationToken);

    /// <summary>Places held by live nodes.</summary>
    /// <exception cref="LedgerUnavailableException">Out of reach.</exception>
    public Task<IReadOnlyList<(int Slot, short Node)>> ListAsync(string connector, CancellationToken cancellationToken) => _core.ReadAsync(
        b => b.Add(LedgerSql.BindSlots).With(connector), row => (row.GetInt32(0), row.GetInt16(1)), cancellationToken);
}
