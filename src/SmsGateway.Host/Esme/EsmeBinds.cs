using System.Collections.Concurrent;
using SmsGateway.Host.Configuration;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Esme;

// The binds of all accounts on this node. An account that ever bound stays known: bounded by the accounts of the configuration.
internal sealed class EsmeBinds(EsmeFlow flow, InFlightCount deliveries, ConfigurationState configuration)
{
    private readonly ConcurrentDictionary<string, EsmeAccount> _accounts = new(StringComparer.Ordinal);

    /// <summary>Accounts that can be handed deliveries here: the node's reach.</summary>
    public IEnumerable<string> Reached
    {
        get
        {
            foreach (var account in _accounts.Values)
            {
                if (account.IsOpen)
                {
                    yield return account.Name;
                }
            }
        }
    }

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var account in _accounts.Values)
            {
                count += account.Count;
            }

            return count;
        }
    }

    /// <returns>Null when the account has as many binds on this node as it may.</returns>
    public EsmeBind? TryAdd(AccountSettings settings, BindType type, SmppSession session)
    {
        var account = _accounts.GetOrAdd(settings.Name, name => new EsmeAccount(name, flow, deliveries, configuration));
        return account.TryAdd(settings.Smpp, type, session);
    }
}
