using System.Net;

namespace SmsGateway.Simulator;

// "--name value" options of one mode. Hand-made: two modes with a handful of options each need no library.
internal sealed class CommandLine
{
    private readonly Dictionary<string, string> _values = [];

    private CommandLine()
    {
    }

    /// <summary>Parses everything after the mode.</summary>
    /// <exception cref="FormatException">An unknown option, one without its value, or one given twice; the message is for the user.</exception>
    public static CommandLine Parse(ReadOnlySpan<string> args, params ReadOnlySpan<string> known)
    {
        var line = new CommandLine();
        for (int i = 0; i < args.Length; i += 2)
        {
            if (!known.Contains(args[i]))
                throw new FormatException($"unknown option {args[i]}; known are {string.Join(", ", known.ToArray())}");
            if (i + 1 == args.Length)
                throw new FormatException($"{args[i]} needs a value");
            if (!line._values.TryAdd(args[i], args[i + 1]))
                throw new FormatException($"{args[i]} is given twice");
        }

        return line;
    }

    public string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    public string? Optional(string name) => _values.GetValueOrDefault(name);

    public int Number(string name, int otherwise)
        => !_values.TryGetValue(name, out string? text) ? otherwise
            : int.TryParse(text, out int number) ? number
            : throw new FormatException($"{name} must be a number, not \"{text}\"");

    public IPEndPoint EndPoint(string name)
        => !_values.TryGetValue(name, out string? text) ? throw new FormatException($"{name} is needed, for example {name} 127.0.0.1:2775")
            : IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && text.Contains(':', StringComparison.Ordinal) ? endPoint
            : throw new FormatException($"{name} must be ADDRESS:PORT, not \"{text}\"");
}
