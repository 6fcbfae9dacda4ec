using System.Net;

namespace SmsGateway.Load.Smpp;

/// <summary>One run over SMPP.</summary>
internal sealed record SmppLoadOptions
{
    /// <summary>Where to bind; binds are dealt out in turn.</summary>
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

    /// <summary>Pause before a bind that was lost is made again. Customers are told 30 s; a test wants to see the end.</summary>
    public TimeSpan RebindAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause after 0x58, 0x14 and 0x08.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromMilliseconds(200);
}
