using SmsGateway.Load.Cli;
using SmsGateway.Load.Run;

namespace SmsGateway.Load.Http;

/// <summary>One run over HTTP.</summary>
internal sealed record HttpLoadOptions
{
    /// <summary>Receivers, in the order of the nodes' numbers; connections are dealt out in turn, and a message that one does not answer goes to the next.</summary>
    public required IReadOnlyList<Uri> Receivers { get; init; }

    public int Connections { get; init; } = 256;

    public string Login { get; init; } = "demo";

    public string Password { get; init; } = "demo1234";

    public string Sender { get; init; } = "12345";

    public IReadOnlyList<string> Prefixes { get; init; } = ["44", "49"];

    public bool Receipt { get; init; } = true;

    public int TextLength { get; init; } = 60;

    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause after 429, 503 and a failed connection.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromMilliseconds(200);

    public static HttpLoadOptions From(Arguments arguments)
    {
        var options = new HttpLoadOptions
        {
            Receivers = [.. Node.From(arguments).Select(node => Receiver(node.Target))],
            Connections = arguments.Number("--connections", 256),
            Login = arguments.Text("--login", "demo"),
            Password = arguments.Text("--password", "demo1234"),
            Sender = arguments.Text("--sender", "12345"),
            Prefixes = arguments.Text("--prefixes", "44,49").Split(','),
            Receipt = arguments.Text("--receipt", "TRUE").Equals("TRUE", StringComparison.OrdinalIgnoreCase),
            TextLength = arguments.Number("--text", 60),
            ResponseTimeout = arguments.Seconds("--response-timeout", 30),
        };
        return options.Connections >= 1 && options.TextLength is >= 20 and <= 160
            ? options : throw new LoadFailure("--connections must be at least 1, --text 20 to 160");
    }

    private static Uri Receiver(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme != "http")
            throw new LoadFailure($"a receiver must be an http URL, not \"{text}\"");
        return url.AbsolutePath == "/" ? new Uri(url, "/httpapi/receiver") : url;
    }
}
