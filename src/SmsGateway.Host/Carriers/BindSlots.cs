using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Carriers;

// This node's places among the binds that a carrier allows from all nodes together. The ledger says who holds which; a check
// now and then gives back what another node should have and what the ledger does not know as ours. One question at a time.
internal sealed partial class BindSlots : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly CarrierSettings _carrier;
    private readonly int _perNode;
    private readonly BindSlotLedger _ledger;
    private readonly NodeIdentity _node;
    private readonly NodeLease _lease;
    private readonly NodeDirectory _directory;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<int, BindSlot> _held = [];
    private int _limit = int.MaxValue;
    private bool _failing;

    /// <param name="carrier">Has a <see cref="CarrierSettings.MaxBinds"/>.</param>
    /// <param name="perNode">Binds that this node keeps when nobody stops it.</param>
    /// <param name="around">The ledger, who we are, and who else there is.</param>
    /// <param name="logger">Where to log.</param>
    public BindSlots(CarrierSettings carrier, int perNode, CarrierSurroundings around, ILogger logger)
    {
        (_carrier, _perNode, _logger) = (carrier, perNode, logger);
        (_ledger, _node, _lease, _directory) = (around.BindSlots, around.Node, around.Lease, around.Directory);
        (_interval, _time) = (around.Options.BindShareInterval, around.Time);
    }

    private int MaxBinds => _carrier.MaxBinds ?? int.MaxValue;

    /// <summary>A place, or null when none is free for this node now, or the ledger does not answer.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<BindSlot?> TakeAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (!_lease.IsValid || _held.Count >= _limit)
            {
                return null;
            }

            // Not ended by the token: a place taken when nobody waits for it any more would be nobody's, and no check comes after a stop.
            using var limit = new CancellationTokenSource(Patience, _time);
            var number = await _ledger.TakeAsync(_carrier.Name, MaxBinds, limit.Token).ConfigureAwait(false);
            _failing = false;

            // One that we hold already was lost and is ours again: it is in use, and the check finds nothing wrong with it.
            if (number is not { } taken || _held.ContainsKey(taken))
            {
                return null;
            }

            if (!cancellation.IsCancellationRequested)
            {
                return _held[taken] = new BindSlot(taken);
            }

            await _ledger.ReleaseAsync(_carrier.Name, taken, limit.Token).ConfigureAwait(false);
            throw new OperationCanceledException(cancellation);
        }
        catch (Exception error) when (error is LedgerUnavailableException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            Report(error);
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives a place back when its bind has ended. When the ledger does not take it now, a later check does it.</summary>
    /// <param name="slot">Disposed by this.</param>
    /// <param name="abort">There is no time left: the place comes free with this node's epoch.</param>
    public async Task ReleaseAsync(BindSlot slot, CancellationToken abort)
    {
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            _held.Remove(slot.Number);
            slot.Dispose();
            using var limit = new CancellationTokenSource(Patience, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, abort);
            await _ledger.ReleaseAsync(_carrier.Name, slot.Number, either.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is LedgerUnavailableException or OperationCanceledException)
        {
            Report(error);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Checks until the token is cancelled. Its owner is the connector.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(_interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
            {
                await GuardedAsync(stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task GuardedAsync(CancellationToken stopping)
    {
        await _turn.WaitAsync(stopping).ConfigureAwait(false);
        try
        {
            if (_lease.IsValid)
            {
                await CheckAsync(stopping).ConfigureAwait(false);
                _failing = false;
            }
        }
        catch (Exception error) when (error is not (OutOfMemoryException or OperationCanceledException))
        {
            Report(error);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task CheckAsync(CancellationToken stopping)
    {
        var epoch = _lease.Epoch;
        var places = await _ledger.ListAsync(_carrier.Name, stopping).ConfigureAwait(false);
        if (!_lease.MayEmit(epoch))
        {
            return;
        }

        var me = _node.Current.Node;
        var ours = places.Where(place => place.Node == me).Select(place => place.Slot).ToHashSet();
        foreach (var stray in ours.Where(number => !_held.ContainsKey(number)))
        {
            await _ledger.ReleaseAsync(_carrier.Name, stray, stopping).ConfigureAwait(false);
        }

        foreach (var lost in _held.Values.Where(slot => !ours.Contains(slot.Number) && !slot.IsGivenBack))
        {
            Lost(_logger, _carrier.Name, lost.Number);
            lost.GiveBack();
        }

        Share(places);
    }

    // One at a time: the other nodes take it before the next is looked at. A free place serves them without ours.
    private void Share(IReadOnlyList<(int Slot, short Node)> places)
    {
        var others = _directory.Peers.Where(peer => _carrier.ConnectsFrom(peer.Site, peer.Name))
            .Select(peer => places.Count(place => place.Node == peer.Id)).ToList();
        _limit = BindShare.Limit(MaxBinds, _perNode, _directory.Mode == NodeMode.Hot, others);
        if (_held.Count <= _limit || places.Count < MaxBinds || _held.Values.Any(slot => slot.IsGivenBack))
        {
            return;
        }

        var given = _held.Values.MaxBy(slot => slot.Number)!;
        Given(_logger, _carrier.Name, given.Number, _held.Count, _limit);
        given.GiveBack();
    }

    private void Report(Exception error)
    {
        if (!_failing)
        {
            _failing = true;
            NotAnswered(_logger, _carrier.Name, error.Message);
        }
    }

    [LoggerMessage(3801, LogLevel.Information, "Connector {Connector}: bind {Number} of those the carrier allows is given back to another node; this one holds {Held} and may keep {Limit}")]
    private static partial void Given(ILogger logger, string connector, int number, int held, int limit);

    [LoggerMessage(3802, LogLevel.Warning, "Connector {Connector}: bind {Number} of those the carrier allows is no longer this node's; the bind ends")]
    private static partial void Lost(ILogger logger, string connector, int number);

    [LoggerMessage(3803, LogLevel.Warning, "Connector {Connector}: the ledger does not say which of the carrier's binds are free (said once per outage): {Reason}")]
    private static partial void NotAnswered(ILogger logger, string connector, string reason);

    // Next free id of BindSlots: 3804.
}
