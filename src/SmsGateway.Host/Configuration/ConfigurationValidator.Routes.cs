namespace SmsGateway.Host.Configuration;

internal static partial class ConfigurationValidator
{
    private const int MaxDigits = 15;

    private static void Routes(
        IReadOnlyList<RouteSettings> routes, Dictionary<string, AccountSettings> accounts, HashSet<string> carriers, List<string> errors)
    {
        var seen = new Dictionary<(string, string?, string?), int>();
        for (var i = 0; i < routes.Count; i++)
        {
            var (route, path) = (routes[i], $"routes[{i}]");
            Prefix(route.Prefix, path, errors);
            if (route.Account is not null && !accounts.ContainsKey(route.Account))
            {
                errors.Add($"{path}.account: unknown account \"{route.Account}\"");
            }

            if (route.Sender is not null && !SenderFormat.IsWellFormed(route.Sender))
            {
                errors.Add($"{path}.sender: \"{route.Sender}\" is no sender");
            }

            if (!seen.TryAdd((route.Prefix, route.Account, route.Sender), i))
            {
                errors.Add($"{path}: the same prefix, account and sender as routes[{seen[(route.Prefix, route.Account, route.Sender)]}]");
            }

            Connectors(route.Carriers, path, carriers, errors);
            Money(route, path, errors);
        }
    }

    private static void Prefix(string prefix, string path, List<string> errors)
    {
        if (prefix.AsSpan().ContainsAnyExceptInRange('0', '9') || prefix.Length > MaxDigits)
        {
            errors.Add($"{path}.prefix: \"{prefix}\" is no prefix: up to {MaxDigits} digits, no +; \"\" for all");
        }
        else if (prefix.StartsWith('0'))
        {
            errors.Add($"{path}.prefix: \"{prefix}\" starts with 0; prefixes are international");
        }
    }

    private static void Connectors(IReadOnlyList<string> names, string path, HashSet<string> carriers, List<string> errors)
    {
        if (names.Count == 0)
        {
            errors.Add($"{path}.carriers: empty");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Length > 0 && !carriers.Contains(names[i]))
            {
                errors.Add($"{path}.carriers[{i}]: unknown carrier \"{names[i]}\"");
            }
            else if (!seen.Add(names[i]) && names[i].Length > 0)
            {
                errors.Add($"{path}.carriers[{i}]: \"{names[i]}\" twice in one route");
            }
        }
    }

    private static void Money(RouteSettings route, string path, List<string> errors)
    {
        // The ledger keeps six decimals; more would be rounded without a word.
        if (decimal.Round(route.Price, 6) != route.Price || decimal.Round(route.Cost, 6) != route.Cost)
        {
            errors.Add($"{path}: price and cost have at most six decimals");
        }

        if (route.Currency is { } currency && (currency.Length != 3 || currency.AsSpan().ContainsAnyExceptInRange('A', 'Z')))
        {
            errors.Add($"{path}.currency: \"{currency}\" is no ISO 4217 code of three capitals");
        }
    }
}
