using SmsGateway.Host.Security;

namespace SmsGateway.Host.Configuration;

internal static partial class ConfigurationValidator
{
    // SMPP 3.4, 5.2.1 and 5.2.2, without the terminating NUL.
    private const int MaxSystemId = 15;
    private const int MaxSmppPassword = 8;
    private const int MaxPassword = 128;

    /// <summary>Each costs one PBKDF2 when a wrong password is tried.</summary>
    private const int MaxCredentials = 8;

    private static void Account(AccountSettings account, string path, Dictionary<string, AccountSettings> accounts, List<string> errors)
    {
        Name(account.Name, path + ".name", account.Smpp.Enabled ? MaxSystemId : MaxName, errors);
        if (account.Name.Length > 0 && !accounts.TryAdd(account.Name, account))
        {
            errors.Add($"{path}.name: duplicate login \"{account.Name}\"");
        }

        if (account.Credentials.Count > MaxCredentials)
        {
            errors.Add($"{path}.credentials: more than {MaxCredentials}");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < account.Credentials.Count; i++)
        {
            Credential(account.Credentials[i], account, $"{path}.credentials[{i}]", names, errors);
        }

        var senders = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < account.Senders.Count; i++)
        {
            var sender = account.Senders[i];
            if (sender.Length > 0 && !SenderFormat.IsWellFormed(sender))
            {
                errors.Add($"{path}.senders[{i}]: \"{sender}\" is no number (up to 15 digits, no +) and no alphanumeric sender (up to 11 characters)");
            }
            else if (!senders.Add(sender) && sender.Length > 0)
            {
                errors.Add($"{path}.senders[{i}]: duplicate sender \"{sender}\"");
            }
        }

        if (account.CallbackSecret is { } secret)
        {
            Ascii(secret, path + ".callbackSecret", "the secret", 256, errors);
        }
    }

    private static void Credential(CredentialSettings credential, AccountSettings account, string path, HashSet<string> names, List<string> errors)
    {
        Name(credential.Name, path + ".name", MaxName, errors);
        if (!names.Add(credential.Name) && credential.Name.Length > 0)
        {
            errors.Add($"{path}.name: duplicate credential \"{credential.Name}\"");
        }

        if (credential.Password is null == credential.PasswordHash is null)
        {
            errors.Add($"{path}: exactly one of password and passwordHash is needed");
        }

        if (credential.Password is { } password)
        {
            if (password.Length == 0)
            {
                errors.Add($"{path}.password: empty");
            }

            if (account.Smpp.Enabled)
            {
                Ascii(password, path + ".password", "an SMPP password", MaxSmppPassword, errors);
            }
            else if (password.Length > MaxPassword)
            {
                errors.Add($"{path}.password: longer than {MaxPassword} characters");
            }
        }

        if (credential.PasswordHash is { } hash && PasswordHash.TryParse(hash) is null)
        {
            errors.Add($"{path}.passwordHash: not of the form pbkdf2-sha256$ITERATIONS$SALT$HASH");
        }
    }
}
