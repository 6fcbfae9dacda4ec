using System.Net;
using System.Net.Sockets;

namespace SmsGateway.TestKit;

/// <summary>A TCP port the system says is free. Another process may take it before you do: prefer listening on port 0 where that is possible.</summary>
public static class FreePort
{
    public static int Next() => Next(IPAddress.Loopback);

    public static int Next(IPAddress address)
    {
        using var probe = new TcpListener(address, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Whether nobody has a port of 127.0.0.1 now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
