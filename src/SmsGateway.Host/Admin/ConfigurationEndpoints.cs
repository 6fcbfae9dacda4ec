using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Admin;

/// <summary>A carrier and how this node stands with it.</summary>
internal sealed record CarrierView(
    string Name, bool Enabled, string Host, int Port, string SystemId, CarrierBindType BindType, int BindsPerNode, int Window, double? Tps,
    bool ConnectsFromHere, bool Live, int SegmentsInMemory, IReadOnlyList<BindView> Binds);

/// <summary>A customer, without secrets.</summary>
internal sealed record AccountView(
    string Name, bool Enabled, IReadOnlyList<string> Credentials, IReadOnlyList<string> Senders, string? CallbackUrl, bool CallbackSigned,
    bool MessageIdOptional, Priority DefaultPriority, bool SmppEnabled, int SmppWindow, int SmppBindsPerNode, int? RatePerSecond, int? MaxQueued,
    int MaxParts, TimeSpan DefaultValidity, IReadOnlyList<BindView> Binds);

internal static class ConfigurationEndpoints
{
    public static void MapConfiguration(this RouteGroupBuilder group)
    {
        group.MapGet("/carriers", Carriers).WithTags("Configuration").WithSummary("Carriers, with this node's binds to them")
            .WithDescription("live: this node can hand submits over now. segments_in_memory: what waits in this node's lanes; more may wait in the ledger.");
        group.MapGet("/accounts", Accounts).WithTags("Configuration").WithSummary("Accounts, with their binds on this node")
            .WithDescription("Names of credentials only, never passwords or hashes; callback URLs without query string.");
    }

    private static List<CarrierView> Carriers(ConfigurationState configuration, BindDirectory directory, ConnectorLinks links, NodeIdentity self)
    {
        var binds = directory.All.Where(bind => bind.Side == BindSide.Carrier).ToLookup(bind => bind.Party, BindView.Of);
        var known = links.All.ToDictionary(link => link.Name, StringComparer.Ordinal);
        return [.. configuration.Current.Document.Carriers.OrderBy(carrier => carrier.Name, StringComparer.Ordinal).Select(carrier => new CarrierView(
            carrier.Name, carrier.Enabled, carrier.Host, carrier.Port, carrier.SystemId, carrier.BindType, carrier.BindsPerNode, carrier.Window,
            carrier.Tps, carrier.ConnectsFrom(self.Site, self.Name), known.GetValueOrDefault(carrier.Name)?.Live ?? false,
            known.GetValueOrDefault(carrier.Name)?.Lanes.Count ?? 0, [.. binds[carrier.Name]]))];
    }

    private static List<AccountView> Accounts(ConfigurationState configuration, BindDirectory directory)
    {
        var binds = directory.All.Where(bind => bind.Side == BindSide.Account).ToLookup(bind => bind.Party, BindView.Of);
        return [.. configuration.Current.Document.Accounts.OrderBy(account => account.Name, StringComparer.Ordinal).Select(account => new AccountView(
            account.Name, account.Enabled, [.. account.Credentials.Select(credential => credential.Name)], account.Senders,
            account.CallbackUrl?.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
            account.CallbackSecret is not null, account.MessageIdOptional, account.DefaultPriority, account.Smpp.Enabled, account.Smpp.Window,
            account.Smpp.BindsPerNode, account.RatePerSecond, account.MaxQueued, account.MaxParts, account.DefaultValidity, [.. binds[account.Name]]))];
    }
}
