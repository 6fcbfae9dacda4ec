namespace SmsGateway.Ledger;

/// <summary>The rates of the carriers' contracts, shared by all nodes: one bucket per connector, by the ledger's clock.</summary>
public sealed class RateLedger
{
    private readonly LedgerCore _core;

    internal RateLedger(LedgerCore core) => _core = core;

    /// <summary>
    /// Asks for this node's share of a rate since it asked last. The share is divided among the nodes that asked within two seconds;
    /// what a node does not want goes to the others. Ask several times a second.
    /// </summary>
    /// <param name="connector">The connector.</param>
    /// <param name="perSecond">The contract's rate, above 0.</param>
    /// <param name="want">How many could be sent in the next half second; 0 gives the share up.</param>
    /// <param name="cancellationToken">Ends the wait; what was granted meanwhile is lost.</param>
    /// <returns>How many may be sent, 0 to <paramref name="want"/>; to be spread until the next question.</returns>
    /// <exception cref="LedgerUnavailableException">Out of reach; nothing may be sent.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not above 0, or the wish is below 0.</exception>
    public async Task<int> AskAsync(string connector, double perSecond, int want, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(perSecond);
        ArgumentOutOfRangeException.ThrowIfNegative(want);
        var granted = await _core.ReadAsync(
            b => b.Add(LedgerSql.GrantRate).With(connector).With(_core.Node.Current.Node).With(perSecond).With(want), row => row.GetInt32(0), cancellationToken);
        return granted[0];
    }
}
