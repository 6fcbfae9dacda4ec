using System.Globalization;
using System.Net;
using SmsGateway.Load.Run;

namespace SmsGateway.Load.Cli;

// "--name value" options; a name may come more than once. A name nobody asked for is an error, so that a typing mistake is not a silent default.
internal sealed class Arguments
{
    private readonly Dictionary<string, List<string>> _values = [];
    private readonly HashSet<string> _asked = [];

    public Arguments(ReadOnlySpan<string> args)
    {
        for (int i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                throw new LoadFailure($"\"{args[i]}\" is not an option; see --help");
            if (!_values.TryGetValue(args[i], out List<string>? values))
                _values[args[i]] = values = [];
            if (i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
                values.Add(args[++i]);
            else
                values.Add("");
        }
    }

    public bool Flag(string name)
    {
        _asked.Add(name);
        return _values.ContainsKey(name);
    }

    public IReadOnlyList<string> All(string name)
    {
        _asked.Add(name);
        if (!_values.TryGetValue(name, out List<string>? values))
            return [];
        return values.Contains("") ? throw new LoadFailure($"{name} needs a value") : values;
    }

    public string? Optional(string name) => All(name) is [.., var last] ? last : null;

    public string Text(string name, string otherwise) => Optional(name) ?? otherwise;

    public int Number(string name, int otherwise)
        => Optional(name) is not { } text ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : throw new LoadFailure($"{name} must be a number, not \"{text}\"");

    public TimeSpan Seconds(string name, double otherwise)
        => Optional(name) is not { } text ? TimeSpan.FromSeconds(otherwise)
            : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) ? TimeSpan.FromSeconds(seconds)
            : throw new LoadFailure($"{name} must be seconds, not \"{text}\"");

    /// <summary>HOST:PORT.</summary>
    public static DnsEndPoint EndPoint(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            ? new DnsEndPoint(text[..colon], port) : throw new LoadFailure($"an SMPP server must be HOST:PORT, not \"{text}\"");
    }

    public IReadOnlyList<Uri> Urls(string name)
        => [.. All(name).Select(text => Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            ? new Uri(text) : throw new LoadFailure($"{name} must be a URL, not \"{text}\""))];

    /// <summary>Fails for options that this mode does not know.</summary>
    public void NoneLeft()
    {
        if (_values.Keys.FirstOrDefault(name => !_asked.Contains(name)) is { } unknown)
            throw new LoadFailure($"unknown option {unknown}; see --help");
    }
}
