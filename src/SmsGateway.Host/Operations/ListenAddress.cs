using System.ComponentModel.DataAnnotations;
using System.Net;

namespace SmsGateway.Host.Operations;

// The one notation of a listener in options: HOST:PORT with a numeric host, `*` or `localhost`; port 0 lets the system choose.
internal static class ListenAddress
{
    public static IPEndPoint Parse(string text) =>
        TryParse(text, out var endpoint) ? endpoint : throw new FormatException($"\"{text}\" is not ADDRESS:PORT");

    public static bool TryParse(string? text, out IPEndPoint endpoint)
    {
        endpoint = new IPEndPoint(IPAddress.None, 0);
        if (string.IsNullOrWhiteSpace(text))
        {
            return false;
        }

        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), out var port))
        {
            return false;
        }

        var host = text[..colon];
        if (host is "*" or "+")
        {
            endpoint = new IPEndPoint(IPAddress.IPv6Any, port);
            return true;
        }

        if (host is "localhost")
        {
            endpoint = new IPEndPoint(IPAddress.Loopback, port);
            return true;
        }

        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (!bracketed && host.Contains(':', StringComparison.Ordinal))
        {
            return false; // fe80::1:8080 is ambiguous
        }

        if (!IPAddress.TryParse(bracketed ? host[1..^1] : host, out var address))
        {
            return false;
        }

        endpoint = new IPEndPoint(address, port);
        return true;
    }
}

/// <summary>Accepts what <see cref="ListenAddress"/> can read; null is for <see cref="RequiredAttribute"/> to refuse.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ListenAddressAttribute : ValidationAttribute
{
    public ListenAddressAttribute()
        : base("must be ADDRESS:PORT, for example 127.0.0.1:8080 or *:8080")
    {
    }

    public override bool IsValid(object? value) => value is null || (value is string text && ListenAddress.TryParse(text, out _));
}
