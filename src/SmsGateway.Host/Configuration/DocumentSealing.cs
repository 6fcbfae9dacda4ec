using SmsGateway.Host.Security;

namespace SmsGateway.Host.Configuration;

/// <summary>Replaces passwords and keys in clear by their hashes. Where the configuration in force has a hash of the same secret under the same name,
/// that one is kept, so that applying the same file twice changes nothing.</summary>
internal static class DocumentSealing
{
    public static ConfigurationDocument Seal(ConfigurationDocument incoming, ConfigurationDocument? inForce) => incoming with
    {
        Accounts = [.. incoming.Accounts.Select(a => Seal(a, inForce?.Accounts.FirstOrDefault(o => o.Name == a.Name)))],
        ApiKeys = [.. incoming.ApiKeys.Select(k => Seal(k, inForce?.ApiKeys.FirstOrDefault(o => o.Name == k.Name)))],
    };

    private static AccountSettings Seal(AccountSettings account, AccountSettings? old) => account with
    {
        Credentials = [.. account.Credentials.Select(c => Seal(c, old?.Credentials.FirstOrDefault(o => o.Name == c.Name)))],
    };

    private static CredentialSettings Seal(CredentialSettings credential, CredentialSettings? old)
    {
        if (credential.Password is not { } password)
        {
            return credential;
        }

        var kept = old?.PasswordHash is { } hash && PasswordHash.TryParse(hash) is { } parsed && parsed.Verify(password);
        return credential with { Password = null, PasswordHash = kept ? old!.PasswordHash : PasswordHash.Create(password).ToString() };
    }

    private static ApiKeySettings Seal(ApiKeySettings key, ApiKeySettings? old)
    {
        if (key.Key is not { } secret)
        {
            return key;
        }

        var kept = old?.KeyHash is { } hash && ApiKeyHash.Verify(hash, secret);
        return key with { Key = null, KeyHash = kept ? old!.KeyHash : ApiKeyHash.Create(secret) };
    }
}
