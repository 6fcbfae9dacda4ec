namespace SmsGateway.Host.Configuration;

/// <summary>What must hold across a document: names that exist, names that are unique, lengths SMPP allows. Adds every mistake and stops at none.</summary>
internal static partial class ConfigurationValidator
{
    private const int MaxName = 64;

    public static void Validate(ConfigurationDocument document, List<string> errors)
    {
        var accounts = new Dictionary<string, AccountSettings>(StringComparer.Ordinal);
        for (var i = 0; i < document.Accounts.Count; i++)
        {
            Account(document.Accounts[i], $"accounts[{i}]", accounts, errors);
        }

        var carriers = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < document.Carriers.Count; i++)
        {
            Carrier(document.Carriers[i], $"carriers[{i}]", carriers, errors);
        }

        Routes(document.Routes, accounts, carriers, errors);
        Numbers(document.Numbers, accounts, errors);
        ApiKeys(document.ApiKeys, errors);
    }

    private static void Numbers(IReadOnlyList<NumberSettings> numbers, Dictionary<string, AccountSettings> accounts, List<string> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < numbers.Count; i++)
        {
            var (number, path) = (numbers[i], $"numbers[{i}]");
            if (number.Number.Length > 0 && !SenderFormat.IsWellFormed(number.Number))
            {
                errors.Add($"{path}.number: \"{number.Number}\" is no number, short code or alphanumeric address");
            }

            if (!seen.Add(number.Number) && number.Number.Length > 0)
            {
                errors.Add($"{path}.number: duplicate number \"{number.Number}\"");
            }

            if (number.Account.Length > 0 && !accounts.ContainsKey(number.Account))
            {
                errors.Add($"{path}.account: unknown account \"{number.Account}\"");
            }
        }
    }

    private static void ApiKeys(IReadOnlyList<ApiKeySettings> keys, List<string> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < keys.Count; i++)
        {
            var (key, path) = (keys[i], $"apiKeys[{i}]");
            Name(key.Name, path + ".name", MaxName, errors);
            if (!seen.Add(key.Name) && key.Name.Length > 0)
            {
                errors.Add($"{path}.name: duplicate key \"{key.Name}\"");
            }

            if (key.Key is null == key.KeyHash is null)
            {
                errors.Add($"{path}: exactly one of key and keyHash is needed");
            }

            if (key.Key is { Length: < Security.ApiKeyHash.MinKeyLength })
            {
                errors.Add($"{path}.key: shorter than {Security.ApiKeyHash.MinKeyLength} characters");
            }

            if (key.KeyHash is not null && !Security.ApiKeyHash.IsWellFormed(key.KeyHash))
            {
                errors.Add($"{path}.keyHash: not of the form sha256$SALT$HASH");
            }
        }
    }

    /// <summary>Names end up in bind names (account@node#n), paths and labels, hence the narrow alphabet.</summary>
    private static void Name(string name, string path, int max, List<string> errors)
    {
        if (name.Length > max)
        {
            errors.Add($"{path}: \"{name}\" is longer than {max} characters");
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'))
            {
                errors.Add($"{path}: \"{name}\" may only have letters, digits, '.', '-' and '_'");
                return;
            }
        }
    }

    /// <summary>For secrets and free text that a C-octet string carries; the text is not repeated in the error.</summary>
    private static void Ascii(string text, string path, string what, int max, List<string> errors)
    {
        if (text.Length > max)
        {
            errors.Add($"{path}: {what} is longer than {max} characters");
        }

        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            errors.Add($"{path}: {what} has characters other than printable ASCII");
        }
    }
}
