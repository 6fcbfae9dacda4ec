namespace SmsGateway.Ledger;

/// <summary>Decides what is new. One group commit; a verdict exists only after COMMIT.</summary>
public sealed class ClaimLedger : IAsyncDisposable
{
    // Of the service: the same message id with other content.
    private const short RejectedCode = 7;

    private readonly LedgerCore _core;
    private readonly GroupCommit<NewEntry, ClaimVerdict> _group;

    internal ClaimLedger(LedgerCore core)
    {
        _core = core;
        _group = core.Group<NewEntry, ClaimVerdict>("claims", CommitAsync);
    }

    /// <summary>Claims waiting or in flight.</summary>
    public int Undecided => _group.Undecided;

    /// <summary>Claims one message. Full intake: the caller waits.</summary>
    /// <param name="entry">The message; a retry inside writes exactly the same.</param>
    /// <param name="cancellationToken">Ends the caller's wait; an entry already taken in is committed all the same.</param>
    /// <exception cref="ArgumentException">No segment, no route, or a first attempt for a message of several segments.</exception>
    /// <exception cref="LedgerUnavailableException">No verdict within <see cref="LedgerOptions.RetryFor"/>; whether it was written is unknown.</exception>
    /// <exception cref="LedgerDefectException">The ledger refused this entry for what is in it.</exception>
    /// <exception cref="FencedException">This node's epoch was taken over; it must stop emitting.</exception>
    public ValueTask<ClaimVerdict> ClaimAsync(NewEntry entry, CancellationToken cancellationToken)
    {
        return _group.CommitAsync(Checked(entry), cancellationToken);
    }

    /// <summary>As <see cref="ClaimAsync"/>, with a callback instead of an await per message.</summary>
    public ValueTask EnqueueAsync(NewEntry entry, Committed<NewEntry, ClaimVerdict> committed, CancellationToken cancellationToken) =>
        _group.EnqueueAsync(Checked(entry), committed, cancellationToken);

    /// <summary>
    /// Ends a message that was accepted on hold and whose key another content has: an entry under an id of its own, rejected with result code 7, and a
    /// receipt to the account where one was asked for, about the id that it was told. Once per key and content, however often it is called.
    /// </summary>
    /// <returns>False when that had happened before.</returns>
    /// <exception cref="LedgerUnavailableException">Not written, or unknown; call again.</exception>
    /// <exception cref="LedgerDefectException">The ledger refused it for what is in it.</exception>
    public async Task<bool> RejectAsync(NewEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var (now, epoch) = (_core.Time.GetUtcNow(), _core.Node.Current);
        var segment = (short)(entry.Parts > 1 ? 0 : 1); // 0 = about the whole message
        var rows = await _core.ReadAsync(
            b =>
            {
                b.Add(LedgerSql.RejectEntry).With(_core.Node.Keys.ForRejected(entry.Id, entry.ContentHash)).With(entry.Id).With(entry.Day).With(entry.Account)
                    .With((short)entry.Protocol).WithText(entry.ClientMessageId).WithText(entry.AppId).WithText(entry.ConversationId).With(entry.Sender)
                    .WithText(entry.CarrierAsked).With([.. entry.Route]).With((short)entry.Priority).With((short)entry.Registered).With((short)entry.DataCoding)
                    .With((short)entry.EsmClass).With((short)entry.ProtocolId).With(entry.Parts).With(entry.AcceptedAt).With(entry.ValidUntil).With(entry.Destination)
                    .With([.. entry.Payloads]).With(now).With(_core.DueAfterGrace()).With(epoch).With(segment).With(RejectedCode);
                b.Vouch();
            },
            row => row.GetBoolean(0),
            cancellationToken);
        return rows[0];
    }

    /// <summary>Closes the intake and finishes what is queued.</summary>
    public ValueTask DisposeAsync() => _group.DisposeAsync();

    private static NewEntry Checked(NewEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Payloads.Count == 0 || entry.Route.Count == 0 || (entry.FirstAttempt is not null && entry.Payloads.Count > 1)
            ? throw new ArgumentException("An entry has a route and at least one segment, and a first attempt only with exactly one.", nameof(entry))
            : entry;
    }

    private async Task CommitAsync(CommitBatch<NewEntry, ClaimVerdict> batch)
    {
        var plan = new ClaimPlan(batch);
        var answer = await _core.Hot.RunAsync(
            b =>
            {
                plan.Fill(b, _core.Node.Current);
#if DRILL
                Failpoint.Pass("claim-unsent");
#endif
            },
            plan.ReadAsync);
#if DRILL
        Failpoint.Pass("claim-committed");
#endif
        plan.Settle(batch, answer);
    }
}
