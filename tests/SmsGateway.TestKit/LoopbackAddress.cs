using System.Net;
using System.Net.Sockets;

namespace SmsGateway.TestKit;

/// <summary>
/// Loopback addresses that nobody else uses, so that a test's processes may listen on fixed ports there. A free port of 127.0.0.1 can be
/// taken by any outgoing connection between its choice and its use; a port of an address of one's own cannot.
/// </summary>
public static class LoopbackAddress
{
    // 127.64.0.0 to 127.191.255.255; the local topology uses 127.0.0.0/16.
    private const uint First = 0x7F400000;
    private const uint Count = 0x00800000;
    private static uint _next = (uint)Random.Shared.Next((int)Count);

    /// <summary>An address on which nobody listens on the given port.</summary>
    public static IPAddress Next(int port)
    {
        while (true)
        {
            var offset = Interlocked.Increment(ref _next) % Count;
            var address = new IPAddress(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(First + offset));
            try
            {
                using var probe = new TcpListener(address, port);
                probe.Start();
                return address;
            }
            catch (SocketException)
            {
                // Another test run is there; the next one.
            }
        }
    }
}
