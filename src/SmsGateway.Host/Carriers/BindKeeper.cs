using System.Net.Sockets;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Carriers;

// Keeps one bind alive: connects, lets it run, waits, connects again, until it is no longer wanted.
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
            var wasBound = await TryOnceAsync(keep, abort).ConfigureAwait(false);
            delay = wasBound ? delay.Ended(connector.Time.GetElapsedTime(begun)) : delay.Failed();
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

    private async Task<bool> TryOnceAsync(CancellationToken keep, CancellationToken abort)
    {
        try
        {
            await using var connection = await dialer.ConnectAsync(connector.Settings, connector.Options, keep).ConfigureAwait(false);
            _unreachable = false;
            return await new CarrierBind(connector, connector.NextBindName(), type, connection).RunAsync(keep, abort).ConfigureAwait(false);
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
    }

    [LoggerMessage(3001, LogLevel.Warning, "Connector {Connector}: nobody answers at {Host}:{Port}; trying on (said once per outage): {Reason}")]
    private static partial void Unreachable(ILogger logger, string connector, string host, int port, string reason);

    [LoggerMessage(3002, LogLevel.Error, "A bind of connector {Connector} failed and is made anew")]
    private static partial void Failed(ILogger logger, string connector, Exception error);

    // Next free id of BindKeeper: 3003.
}
