namespace SmsGateway.Host.Configuration;

internal static partial class ConfigurationValidator
{
    // SMPP 3.4, 5.2.3, without the terminating NUL.
    private const int MaxSystemType = 12;

    private static void Carrier(CarrierSettings carrier, string path, HashSet<string> carriers, List<string> errors)
    {
        Name(carrier.Name, path + ".name", MaxName, errors);
        if (carrier.Name.Length > 0 && !carriers.Add(carrier.Name))
        {
            errors.Add($"{path}.name: duplicate carrier \"{carrier.Name}\"");
        }

        if (carrier.Host.Length > 0 && Uri.CheckHostName(carrier.Host) == UriHostNameType.Unknown)
        {
            errors.Add($"{path}.host: \"{carrier.Host}\" is no host name or address");
        }

        Ascii(carrier.SystemId, path + ".systemId", "a system_id", MaxSystemId, errors);
        Ascii(carrier.Password, path + ".password", "an SMPP password", MaxSmppPassword, errors);
        Ascii(carrier.SystemType, path + ".systemType", "a system_type", MaxSystemType, errors);
        Places(carrier.Sites, path + ".sites", errors);
        Places(carrier.Nodes, path + ".nodes", errors);
        if (carrier is { BindType: CarrierBindType.TransmitterReceiver, MaxBinds: 1 })
        {
            errors.Add($"{path}.maxBinds: a transmitter and a receiver are two binds");
        }

        if (carrier.Reconnect.Max < carrier.Reconnect.First)
        {
            errors.Add($"{path}.reconnect: max is shorter than first");
        }
    }

    private static void Places(IReadOnlyList<string>? names, string path, List<string> errors)
    {
        if (names is null)
        {
            return;
        }

        // Whoever means "nowhere" disables the carrier; an empty list is more likely a mistake.
        if (names.Count == 0)
        {
            errors.Add($"{path}: empty; leave it out for everywhere, or disable the carrier");
        }

        for (var i = 0; i < names.Count; i++)
        {
            Name(names[i], $"{path}[{i}]", MaxName, errors);
        }
    }
}
