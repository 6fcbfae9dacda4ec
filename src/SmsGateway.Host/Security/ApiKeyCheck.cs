using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Security;

/// <summary>Whose key the admin interface was shown. Looks at every key, so that the time says nothing about which came close.</summary>
internal sealed class ApiKeyCheck(ConfigurationState configuration)
{
    public ApiKeySettings? Find(string presented)
    {
        ApiKeySettings? found = null;
        foreach (var key in configuration.Current.Document.ApiKeys)
        {
            if (key.KeyHash is { } hash && ApiKeyHash.Verify(hash, presented))
            {
                found = key;
            }
        }

        return found;
    }
}
