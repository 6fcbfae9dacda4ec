using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Esme;

// How a client is asked to go so that it loses nothing and is refused nothing: no deliver_sm is begun; what was offered may be acknowledged; then
// unbind, and what it submits is still taken until it answers that. One that does not answer is refused (0x08) when its time is up, gets what it
// is owed, and is closed.
internal sealed partial class EsmeSession
{
    // Of the time to go, for the answers to deliver_sm; many clients read nothing more once they have seen the unbind.
    private const int PartForDeliveries = 2;

    // For verdicts that are under way when the time is up: the ledger retries for about as long.
    private static readonly TimeSpan LastVerdicts = TimeSpan.FromSeconds(5);
    private volatile bool _isOver;

    /// <summary>Ends the session in order. Returns after its close.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="running">Completes when the session has ended, whoever ended it.</param>
    /// <param name="closeNow">No time is left.</param>
    public async Task GoAsync(SmppSession session, Task running, CancellationToken closeNow)
    {
        if (Volatile.Read(ref _bind) is { } bind)
        {
            bind.Account.Dismiss(bind); // it may have bound while it was asked to leave
            await AnsweredAsync(bind, running, closeNow);
        }

        using var close = CancellationTokenSource.CreateLinkedTokenSource(closeNow);
        var unbinding = session.UnbindAsync(close.Token);
        try
        {
            await unbinding.WaitAsync(options.UnbindTimeout / PartForDeliveries, time, CancellationToken.None);
            return;
        }
        catch (TimeoutException)
        {
            _isOver = true;
        }

        await _submits.WhenNoneAsync(LastVerdicts, time, closeNow);
        await close.CancelAsync();
        await unbinding;
    }

    private async Task AnsweredAsync(EsmeBind bind, Task running, CancellationToken closeNow)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(closeNow);
        var answered = bind.Offered.WhenNoneAsync(options.UnbindTimeout / PartForDeliveries, time, ended.Token);
        if (await Task.WhenAny(answered, running) == running)
        {
            await ended.CancelAsync(); // nobody answers any more
        }

        await answered;
    }
}
