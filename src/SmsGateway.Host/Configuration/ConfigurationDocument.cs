namespace SmsGateway.Host.Configuration;

/// <summary>What an operator wrote: one whole JSON document per version. ConfigurationSnapshot is what a request works with.</summary>
internal sealed record ConfigurationDocument
{
    public IReadOnlyList<AccountSettings> Accounts { get; init; } = [];

    public IReadOnlyList<CarrierSettings> Carriers { get; init; } = [];

    public IReadOnlyList<RouteSettings> Routes { get; init; } = [];

    public IReadOnlyList<NumberSettings> Numbers { get; init; } = [];

    public IReadOnlyList<ApiKeySettings> ApiKeys { get; init; } = [];
}
