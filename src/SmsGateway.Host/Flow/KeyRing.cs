using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

// The installation's keys, read once when the node starts and before any listener opens.
internal sealed class KeyRing
{
    private MessageKeys? _keys;

    /// <exception cref="InvalidOperationException">The node has not started yet.</exception>
    public MessageKeys Keys => _keys ?? throw new InvalidOperationException("The installation's keys have not been read yet.");

    public void Load(MessageKeys keys) => _keys = keys;
}
