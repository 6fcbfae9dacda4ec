using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Callbacks;

internal static class CallbacksRegistration
{
    /// <summary>Pushes receipts and MOs to the callback URLs of accounts.</summary>
    public static IServiceCollection AddCallbacks(this IServiceCollection services)
    {
        services.AddCheckedOptions<CallbackOptions>(CallbackOptions.Section);
        return services;
    }
}
