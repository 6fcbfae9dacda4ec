using System.Net.Sockets;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Carriers;

// Keeps one bind alive: connects, lets it run, waits, connects again, until it is no longer wanted. Where the carrier limits the
// binds of all nodes together, only while it holds one of the places.
internal sealed partial class BindKeeper(CarrierConnector connector, CarrierDialer dialer, BindType type)
{
    private readonly ILogger _logger = connector.Logger;
    private bool _unreachable;

    /// <param name="keep">Cancelled when no bind is wanted any more; the present one unbinds.</param>
    /// <param name="abort">Cancelled when there is no time left.</param>
    public async Task RunAsync(CancellationToken keep, CancellationToken abort)
    {
        var delay = new ReconnectDelay(connector.Settings.Reconnect);
        while (!keep.IsCancellationRequested)
        {
            var begun = connector.Time.GetTimestamp();
            var result = await TryOnceAsync(keep, abort).ConfigureAwait(false);
            delay = result switch
            {
                // Nobody's failure: the first pause again and again.
                KeptBind.NoPlace => new ReconnectDelay(connector.Settings.Reconnect).Failed(),
                KeptBind.WasBound => delay.Ended(connector.Time.GetElapsedTime(begun)),
                _ => delay.Failed(),
            };
            try
            {
                await Task.Delay(delay.Pause(Random.Shared.NextDouble()), connector.Time, keep).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<KeptBind> TryOnceAsync(CancellationToken keep, CancellationToken abort)
    {
        if (connector.Slots is not { } slots)
        {
            return await BindOnceAsync(type, CancellationToken.None, keep, abort).ConfigureAwait(false) ? KeptBind.WasBound : KeptBind.Failed;
        }

        var slot = await TakeAsync(slots, keep).ConfigureAwait(false);
        if (slot is null)
        {
            return KeptBind.NoPlace;
        }

        // Among all nodes half of the places are transmitters, whoever holds them.
        var its = type == BindType.Transceiver ? type : slot.Number % 2 == 1 ? BindType.Transmitter : BindType.Receiver;
        var wasBound = await BindOnceAsync(its, slot.GivenBack, keep, abort).ConfigureAwait(false);
        await slots.ReleaseAsync(slot, abort).ConfigureAwait(false);
        return wasBound ? KeptBind.WasBound : KeptBind.Failed;
    }

    private async Task<BindSlot?> TakeAsync(BindSlots slots, CancellationToken keep)
    {
        try
        {
            return await slots.TakeAsync(keep).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (keep.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            Failed(_logger, connector.Name, error);
            return null;
        }
    }

    private async Task<bool> BindOnceAsync(BindType its, CancellationToken givenBack, CancellationToken keep, CancellationToken abort)
    {
        string? name = null;
        try
        {
            await using var connection = await dialer.ConnectAsync(connector.Settings, connector.Options, keep).ConfigureAwait(false);
            _unreachable = false;
            name = connector.NextBindName();
            connector.Lingering.Opened(name);
            using var bind = new CarrierBind(connector, name, its, connection);
            return await bind.RunAsync(keep, givenBack, abort).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (keep.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            if (!_unreachable)
            {
                _unreachable = true;
                Unreachable(_logger, connector.Name, connector.Settings.Host, connector.Settings.Port, error.Message);
            }

            return false;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Broken code, not a broken carrier; the bind is made anew all the same.
            Failed(_logger, connector.Name, error);
            return false;
        }
        finally
        {
            // After the connection was disposed of: from now on its socket drains.
            if (name is not null)
            {
                connector.Lingering.Closed(name);
            }
        }
    }

    private enum KeptBind
    {
        Failed,
        WasBound,
        NoPlace,
    }

    [LoggerMessage(3001, LogLevel.Warning, "Connector {Connector}: nobody answers at {Host}:{Port}; trying on (said once per outage): {Reason}")]
    private static partial void Unreachable(ILogger logger, string connector, string host, int port, string reason);

    [LoggerMessage(3002, LogLevel.Error, "A bind of connector {Connector} failed and is made anew")]
    private static partial void Failed(ILogger logger, string connector, Exception error);

    // Next free id of BindKeeper: 3003.
}
