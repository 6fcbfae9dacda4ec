using System.Net;

namespace SmsGateway.Host.Esme;

// Connections that have not bound yet, per remote address: what a scanner or a client with a wrong password may hold open.
// Bounded by the connections of the server.
internal sealed class UnboundPeers(int most)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _counts = [];

    /// <returns>Dispose at the bind or at the end, once or twice; null when the address has too many already.</returns>
    public IDisposable? TryEnter(IPAddress address)
    {
        lock (_gate)
        {
            var count = _counts.GetValueOrDefault(address);
            if (count >= most)
            {
                return null;
            }

            _counts[address] = count + 1;
            return new Place(this, address);
        }
    }

    private void Leave(IPAddress address)
    {
        lock (_gate)
        {
            var count = _counts[address] - 1;
            if (count == 0)
            {
                _counts.Remove(address);
            }
            else
            {
                _counts[address] = count;
            }
        }
    }

    private sealed class Place(UnboundPeers peers, IPAddress address) : IDisposable
    {
        private UnboundPeers? _peers = peers;

        public void Dispose() => Interlocked.Exchange(ref _peers, null)?.Leave(address);
    }
}
