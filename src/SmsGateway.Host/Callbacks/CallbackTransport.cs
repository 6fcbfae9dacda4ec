using System.Net;
using System.Net.Sockets;

namespace SmsGateway.Host.Callbacks;

// Connections to customers: kept alive, no redirects, no cookies, no proxy. The address is judged where the connection is made, after name
// resolution, so that no answer of a name server leads a callback into the operator's own network.
internal static class CallbackTransport
{
    public static HttpMessageInvoker Create(CallbackOptions options) => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false, // a proxy would make the connection for us, unjudged
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.Timeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), // customers move by DNS
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            MaxResponseHeadersLength = 16, // KiB
            MaxResponseDrainSize = 16 * 1024, // a longer body costs the customer its connection
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            ConnectCallback = (context, stopping) => ConnectAsync(context.DnsEndPoint, options.AllowPrivateTargets, stopping),
        },
        disposeHandler: true);

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, bool allowPrivate, CancellationToken stopping)
    {
        var addresses = await Dns.GetHostAddressesAsync(target.Host, stopping);
        if (!allowPrivate)
        {
            addresses = Array.FindAll(addresses, PublicAddress.IsPublic);
            if (addresses.Length == 0)
            {
                throw new TargetRefusedException(target.Host);
            }
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, stopping);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>No address of the host is one that callbacks may go to.</summary>
internal sealed class TargetRefusedException(string host)
    : IOException($"{host} is not a public address and Callbacks:AllowPrivateTargets is off");
