using SmsGateway.Host.Security;

namespace SmsGateway.Host.Configuration;

/// <summary>The configuration's entry point for Program.</summary>
internal static class ConfigurationRegistration
{
    /// <summary>State, follower and what checks secrets against it. Needs the ledger's ConfigurationStore.</summary>
    public static IServiceCollection AddConfigurationDocument(this IServiceCollection services) => services
        .AddSingleton<ConfigurationState>()
        .AddSingleton<CredentialCheck>()
        .AddSingleton<ApiKeyCheck>()
        .AddHostedService<ConfigurationFollower>();
}
