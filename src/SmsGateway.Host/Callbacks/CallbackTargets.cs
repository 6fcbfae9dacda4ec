using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Callbacks;

// Gives each lane the target its account's settings name now, and owns the connections to all of them.
internal sealed class CallbackTargets(
    ConfigurationState configuration, IOptions<CallbackOptions> options, HostMetrics metrics, TimeProvider time, ILogger<CallbackTarget> logger)
    : IDisposable
{
    private readonly HttpMessageInvoker _http = CallbackTransport.Create(options.Value);

    /// <summary>
    /// The known target while it suits the settings; else a new one, which starts with a closed circuit; null when the account has no URL.
    /// </summary>
    public CallbackTarget? Current(string account, CallbackTarget? known)
    {
        if (!configuration.Current.Accounts.TryGetValue(account, out var settings) || settings.CallbackUrl is null)
        {
            return null;
        }

        return known?.Suits(settings) is true
            ? known
            : new CallbackTarget(settings, configuration, _http, options.Value, metrics, time, logger);
    }

    public void Dispose() => _http.Dispose();
}
