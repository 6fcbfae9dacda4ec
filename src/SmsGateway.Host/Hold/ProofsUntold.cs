namespace SmsGateway.Host.Hold;

/// <summary>
/// Whether this node may know of acknowledgements of MOs what the ledger was not told since it came back: before that no MO is played, which another
/// node would suppress as a repeat for want of that proof.
/// </summary>
/// <param name="lost">What the next loss of the ledger cancels (<see cref="Holding.LedgerLost"/>): after each there is another.</param>
internal delegate bool ProofsUntold(CancellationToken lost);
