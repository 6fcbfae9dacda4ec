using SmsGateway.Host.Configuration;
using SmsGateway.Host.Security;

namespace SmsGateway.Host.Tests.Configuration;

/// <summary>Documents that tests start from.</summary>
internal static class Documents
{
    /// <summary>Every property written out, none at its default where it has one that can differ.</summary>
    public const string Full = """
        {
          // comments are allowed
          "accounts": [ { "name": "demo", "enabled": true,
              "credentials": [ { "name": "main", "password": "demo1234" }, { "name": "next", "password": "demo5678" } ],
              "senders": ["12345", "ACME Bank"], "callbackUrl": "http://127.0.9.9:8090/callback", "callbackSecret": "s3cret",
              "messageIdOptional": true, "defaultPriority": "INTERACTIVE_LOW", "defaultEncoding": "ISO8859_5",
              "smpp": { "enabled": true, "window": 1000, "bindsPerNode": 64 },
              "ratePerSecond": 500, "maxQueued": 100000, "maxParts": 3, "defaultValidity": "1.12:00:00" } ],
          "carriers": [ { "name": "carrier-a", "enabled": true, "host": "127.0.9.1", "port": 2776, "systemId": "smsgw", "password": "smsgw", "systemType": "SMPP",
              "bindType": "transmitterReceiver", "bindsPerNode": 2, "maxBinds": 6, "window": 100, "tps": 250.5, "sites": ["dc3"], "nodes": ["smsc1.dc3"],
              "quirks": { "submitIdNotation": "hex", "receiptIdNotation": "decimal", "defaultAlphabet": "latin1", "receiptTimeZoneMinutes": -120,
                          "sourceTon": 5, "sourceNpi": 1, "destinationTon": 1, "destinationNpi": 1, "moIdTlv": "0x1403" },
              "statuses": { "retryable": [ "0x14", 88 ], "final": [ "0x8" ] },
              "retryDelay": "00:00:07", "reconnect": { "first": "00:00:02", "max": "00:01:00" }, "circuit": { "failures": 5, "pause": "00:00:20" },
              "doubt": { "BULK_LOW": "resend", "INTERACTIVE": "resend" } } ],
          "routes": [ { "prefix": "44", "account": "demo", "sender": "12345", "carriers": ["carrier-a"], "price": 0.01, "cost": 0.005, "currency": "EUR", "enabled": false } ],
          "numbers": [ { "number": "12345", "account": "demo", "enabled": false, "protocol": "smpp" } ],
          "apiKeys": [ { "name": "local", "role": "operator", "key": "local-admin-key" } ],
        }
        """;

    private static readonly string DemoHash = PasswordHash.Create("demo1234").ToString();

    /// <summary>Account demo / demo1234 with senders 12345 and ACME, carriers a and b, routes 44 -> a, b and "" -> b.</summary>
    public static ConfigurationDocument Small { get; } = new()
    {
        Accounts =
        [
            new AccountSettings
            {
                Name = "demo",
                Credentials = [new CredentialSettings { Name = "main", PasswordHash = DemoHash }],
                Senders = ["12345", "ACME"],
            },
            new AccountSettings
            {
                Name = "closed",
                Enabled = false,
                Credentials = [new CredentialSettings { Name = "main", PasswordHash = DemoHash }],
            },
            new AccountSettings
            {
                Name = "lax",
                MessageIdOptional = true,
                DefaultPriority = Ledger.Priority.Interactive,
                Credentials = [new CredentialSettings { Name = "main", PasswordHash = DemoHash }],
                Senders = ["67890"],
            },
        ],
        Carriers = [Carrier("a"), Carrier("b")],
        Routes = [new RouteSettings { Prefix = "44", Carriers = ["a", "b"] }, new RouteSettings { Carriers = ["b"] }],
    };

    public static CarrierSettings Carrier(string name, bool enabled = true) => new() { Name = name, Host = "127.0.0.1", Enabled = enabled };

    public static ConfigurationSnapshot Snapshot(ConfigurationDocument document, long version = 1) => new(version, "", document);
}
