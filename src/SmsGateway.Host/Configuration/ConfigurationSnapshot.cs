using System.Collections.Frozen;
using SmsGateway.Host.Routing;

namespace SmsGateway.Host.Configuration;

/// <summary>One version of the configuration, immutable and indexed; what a request works with from its first line to its last.</summary>
internal sealed class ConfigurationSnapshot
{
    /// <summary>Before the first version is known: nobody may log in, nothing has a route.</summary>
    public static readonly ConfigurationSnapshot Empty = new(0, "", new ConfigurationDocument());

    public ConfigurationSnapshot(long version, string hash, ConfigurationDocument document)
    {
        Version = version;
        Hash = hash;
        Document = document;
        Accounts = document.Accounts.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);
        Carriers = document.Carriers.ToFrozenDictionary(c => c.Name, StringComparer.Ordinal);
        Numbers = document.Numbers.ToFrozenDictionary(n => n.Number, StringComparer.Ordinal);
        Routes = new RouteTable(document);
        MostCredentials = document.Accounts.Select(a => a.Credentials.Count).DefaultIfEmpty().Max();
    }

    /// <summary>The ledger's number of this version; 0 = none yet.</summary>
    public long Version { get; }

    /// <summary>Of the canonical document; two nodes with the same hash have the same configuration.</summary>
    public string Hash { get; }

    public ConfigurationDocument Document { get; }

    /// <summary>By name, disabled ones included.</summary>
    public FrozenDictionary<string, AccountSettings> Accounts { get; }

    /// <summary>By name, disabled ones included.</summary>
    public FrozenDictionary<string, CarrierSettings> Carriers { get; }

    /// <summary>By number, disabled ones included.</summary>
    public FrozenDictionary<string, NumberSettings> Numbers { get; }

    public RouteTable Routes { get; }

    /// <summary>Of the account that has most; how often a password is derived, whoever logs in.</summary>
    public int MostCredentials { get; }
}
