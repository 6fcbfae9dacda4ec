using System.Net;
using SmsGateway.Load.Cli;
using SmsGateway.Load.Run;

namespace SmsGateway.Load.Smpp;

/// <summary>One run over SMPP.</summary>
internal sealed record SmppLoadOptions
{
    /// <summary>Where to bind, in the order of the nodes' numbers; binds are dealt out in turn.</summary>
    public required IReadOnlyList<DnsEndPoint> Targets { get; init; }

    public int Binds { get; init; } = 8;

    public int Window { get; init; } = 100;

    public string Account { get; init; } = "acme";

    public string Password { get; init; } = "acme1234";

    public string Sender { get; init; } = "67890";

    /// <summary>Destinations are a prefix, in turn, and the message's number, 12 digits in all.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = ["44", "49"];

    public byte Registered { get; init; } = 1;

    public byte Priority { get; init; }

    /// <summary>Octets of text, marker included.</summary>
    public int TextLength { get; init; } = 60;

    /// <summary>Unanswered for so long means: send again.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause before a bind that was lost is made again; doubles with each failure. Customers are told 30 s; a test wants to see the end.</summary>
    public TimeSpan RebindAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such pause.</summary>
    public TimeSpan RebindMax { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>New messages per second at most, over all binds; 0 = as fast as the windows allow.</summary>
    public int Rate { get; init; }

    /// <summary>Pause after 0x58, 0x14 and 0x08.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromMilliseconds(200);

    public static SmppLoadOptions From(Arguments arguments)
    {
        var options = new SmppLoadOptions
        {
            Targets = [.. Node.From(arguments).Select(node => Arguments.EndPoint(node.Target))],
            Binds = arguments.Number("--binds", 8),
            Window = arguments.Number("--window", 100),
            Account = arguments.Text("--account", "acme"),
            Password = arguments.Text("--password", "acme1234"),
            Sender = arguments.Text("--sender", "67890"),
            Prefixes = arguments.Text("--prefixes", "44,49").Split(','),
            Registered = (byte)arguments.Number("--registered", 1),
            Priority = (byte)arguments.Number("--priority", 0),
            TextLength = arguments.Number("--text", 60),
            ResponseTimeout = arguments.Seconds("--response-timeout", 30),
            RebindAfter = arguments.Seconds("--rebind", 1),
            RebindMax = arguments.Seconds("--rebind-max", 8),
            Rate = arguments.Number("--rate", 0),
        };
        return options.Binds >= 1 && options.Window >= 1 && options.TextLength is >= 20 and <= 160
            ? options : throw new LoadFailure("--binds and --window must be at least 1, --text 20 to 160");
    }
}
