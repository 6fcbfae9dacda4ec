using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

/// <summary>Whether this node may push now, asked for every delivery that leaves a lane.</summary>
/// <param name="IsOpen">Mode hot, not stopping, lease valid.</param>
/// <param name="GiveBack">Takes what was read while it is not: the row waits in the ledger for whoever owns it then.</param>
internal sealed record DeliveryGate(Func<bool> IsOpen, Action<Delivery> GiveBack);

// The reading end of a lane behind the gate. While that is closed the lane empties itself under the hands of its reader, so that
// nobody who waits for something to read has to know of leases, and a process that slept through its lease pushes nothing of before.
internal sealed class GatedDeliveries(ChannelReader<Delivery> lane, DeliveryGate gate) : ChannelReader<Delivery>
{
    public override bool CanCount => true;

    public override int Count => lane.Count;

    public override Task Completion => lane.Completion;

    public override bool TryRead([MaybeNullWhen(false)] out Delivery item)
    {
        while (lane.TryRead(out item))
        {
            if (gate.IsOpen())
            {
                return true;
            }

            gate.GiveBack(item);
        }

        return false;
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => lane.WaitToReadAsync(cancellationToken);
}
