using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Carriers;

// Opens TCP connections to carriers. The pipes over the socket are Kestrel's own, so that both sides of the gateway read and
// write the same way.
internal sealed class CarrierDialer(TimeProvider time, ILoggerFactory loggers) : IDisposable
{
    private const int IpProtoTcp = 6;
    private const int LinuxTcpUserTimeout = 18;
    private readonly SocketConnectionContextFactory _connections =
        new(new SocketConnectionFactoryOptions(), loggers.CreateLogger<SocketConnectionContextFactory>());

    /// <exception cref="SocketException">Nobody answers there, or the name is unknown.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the time was up.</exception>
    public async Task<ConnectionContext> ConnectAsync(CarrierSettings carrier, CarrierOptions options, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var limit = new CancellationTokenSource(options.ConnectTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            await socket.ConnectAsync(carrier.Host, carrier.Port, either.Token).ConfigureAwait(false);
            if (OperatingSystem.IsLinux())
            {
                socket.SetRawSocketOption(IpProtoTcp, LinuxTcpUserTimeout, BitConverter.GetBytes((int)options.TcpUserTimeout.TotalMilliseconds));
            }

            return _connections.Create(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _connections.Dispose();
}
