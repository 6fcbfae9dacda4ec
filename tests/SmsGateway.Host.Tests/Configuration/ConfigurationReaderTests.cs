using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Configuration;

public sealed class ConfigurationReaderTests
{
    [Fact]
    public void Every_property_of_a_document_is_read()
    {
        var document = Read(Documents.Full);

        var account = Assert.Single(document.Accounts);
        Assert.Equal(["demo1234", "demo5678"], account.Credentials.Select(c => c.Password));
        Assert.True(account.AllowsSender("ACME Bank"));
        Assert.False(account.AllowsSender("acme bank"));
        Assert.Equal("http://127.0.9.9:8090/callback", account.CallbackUrl!.OriginalString);
        Assert.Equal("s3cret", account.CallbackSecret);
        Assert.True(account.MessageIdOptional);
        Assert.Equal(Priority.InteractiveLow, account.DefaultPriority);
        Assert.Equal(DefaultEncoding.Cyrillic, account.DefaultEncoding);
        Assert.Equal(new AccountSmppSettings { Window = 1000, BindsPerNode = 64 }, account.Smpp);
        Assert.Equal((500, 100_000, 3), (account.RatePerSecond, account.MaxQueued, account.MaxParts));
        Assert.Equal(TimeSpan.FromHours(36), account.DefaultValidity);

        var carrier = Assert.Single(document.Carriers);
        Assert.Equal(("127.0.9.1", 2776, "smsgw", "smsgw", "SMPP"), (carrier.Host, carrier.Port, carrier.SystemId, carrier.Password, carrier.SystemType));
        Assert.Equal(
            (CarrierBindType.TransmitterReceiver, 2, 6, 100, 250.5),
            (carrier.BindType, carrier.BindsPerNode, carrier.MaxBinds, carrier.Window, carrier.Tps));
        Assert.Equal(
            new CarrierQuirks
            {
                SubmitIdNotation = IdNotation.Hex,
                ReceiptIdNotation = IdNotation.Decimal,
                DefaultAlphabet = CarrierAlphabet.Latin1,
                ReceiptTimeZoneMinutes = -120,
                SourceTon = 5,
                SourceNpi = 1,
                DestinationTon = 1,
                DestinationNpi = 1,
                MoIdTlv = 0x1403,
            },
            carrier.Quirks);
        Assert.Equal([0x14u, 0x58u], carrier.Statuses.Retryable);
        Assert.Equal([8u], carrier.Statuses.Final);
        Assert.Equal(new CarrierReconnect { First = TimeSpan.FromSeconds(2), Max = TimeSpan.FromMinutes(1) }, carrier.Reconnect);
        Assert.Equal(new CarrierCircuit { Failures = 5, Pause = TimeSpan.FromSeconds(20) }, carrier.Circuit);
        Assert.Equal(TimeSpan.FromSeconds(7), carrier.RetryDelay);
        Assert.Equal(new CarrierDoubt { BulkLow = DoubtPolicy.Resend, Interactive = DoubtPolicy.Resend }, carrier.Doubt);
        Assert.Equal(
            [DoubtPolicy.Resend, DoubtPolicy.Hold, DoubtPolicy.Hold, DoubtPolicy.Resend], Enum.GetValues<Priority>().Select(carrier.DoubtOf));
        Assert.True(carrier.ConnectsFrom("dc3", "smsc1.dc3"));
        Assert.False(carrier.ConnectsFrom("dc3", "smsc2.dc3"));
        Assert.False(carrier.ConnectsFrom("bos", "smsc1.dc3"));

        var route = Assert.Single(document.Routes);
        Assert.Equal(("44", "demo", "12345", 0.01m, 0.005m, "EUR", false), (route.Prefix, route.Account, route.Sender, route.Price, route.Cost, route.Currency, route.Enabled));
        Assert.Equal(new NumberSettings { Number = "12345", Account = "demo", Enabled = false, Protocol = Protocol.Smpp }, Assert.Single(document.Numbers));
        Assert.Equal(new ApiKeySettings { Name = "local", Role = ApiRole.Operator, Key = "local-admin-key" }, Assert.Single(document.ApiKeys));
    }

    [Fact]
    public void What_is_left_out_or_null_has_its_default()
    {
        var document = Read("""
            { "accounts": [ { "name": "a", "smpp": null } ], "carriers": [ { "name": "c", "host": "smsc.example.org", "tps": null, "statuses": {} } ],
              "routes": [ { "prefix": "", "carriers": ["c"] } ] }
            """);

        var account = document.Accounts[0];
        Assert.Equal((true, 10, 8, 10), (account.Enabled, account.Smpp.Window, account.Smpp.BindsPerNode, account.MaxParts));
        Assert.Equal((Priority.Bulk, DefaultEncoding.Utf8, TimeSpan.FromDays(2)), (account.DefaultPriority, account.DefaultEncoding, account.DefaultValidity));
        Assert.Null(account.RatePerSecond);
        var carrier = document.Carriers[0];
        Assert.Equal((2775, 10, 1, null, (double?)null), (carrier.Port, carrier.Window, carrier.BindsPerNode, carrier.MaxBinds, carrier.Tps));
        Assert.All([0x14u, 0x58u, 0x08u, 0x64u], s => Assert.True(carrier.Statuses.IsRetryable(s)));
        Assert.False(carrier.Statuses.IsRetryable(0x0B));
        Assert.True(carrier.ConnectsFrom("any", "node"));
        Assert.Empty(document.ApiKeys);
    }

    [Theory]
    [InlineData("", "hold hold hold hold")]
    [InlineData(", \"doubt\": \"hold\"", "hold hold hold hold")]
    [InlineData(", \"doubt\": \"resend\"", "resend resend resend resend")]
    [InlineData(", \"doubt\": { \"BULK\": \"resend\" }", "hold resend hold hold")]
    public void What_is_in_doubt_is_held_unless_the_carrier_says_otherwise_for_a_priority_or_for_all(string doubt, string expected)
    {
        var text = $$"""{ "carriers": [ { "name": "c", "host": "smsc.example.org"{{doubt}} } ] }""";
        var document = Read(text);
        Assert.Equal(expected, string.Join(' ', Enum.GetValues<Priority>().Select(p => EnumWords<DoubtPolicy>.Of(document.Carriers[0].DoubtOf(p)))));
        var canonical = ConfigurationJson.Canonical(document);
        Assert.Equal(canonical, ConfigurationJson.Canonical(Read(canonical)));
        Assert.Equal(expected.Contains("resend", StringComparison.Ordinal), canonical.Contains("doubt", StringComparison.Ordinal)); // the version before does not know it
    }

    [Theory]
    [InlineData("\"again\"", "carriers[0].doubt: unknown word \"again\", expected one of hold, resend")]
    [InlineData("5", "carriers[0].doubt: expected an object")]
    [InlineData("{ \"BULK\": \"never\" }", "carriers[0].doubt.BULK: unknown word \"never\", expected one of hold, resend")]
    [InlineData("{ \"URGENT\": \"hold\" }", "carriers[0].doubt.URGENT: unknown property")]
    public void A_doubt_policy_with_a_mistake_names_it(string doubt, string error) => Assert.Equal(
        error, Assert.Single(Refuse($$"""{ "carriers": [ { "name": "c", "host": "smsc.example.org", "doubt": {{doubt}} } ] }""")));

    [Fact]
    public void Five_mistakes_give_five_errors_each_with_its_path()
    {
        var errors = Refuse("""
            {
              "accounts": [
                { "name": "demo", "credentials": [ { "name": "main", "password": "demo12345" } ], "callbackUrl": "127.0.9.9:8090/callback" },
                { "name": "demo" } ],
              "carriers": [ { "name": "carrier-a", "host": "127.0.9.1" } ],
              "routes": [ { "prefix": "+44", "carriers": ["carrier-a"] }, { "prefix": "", "carriers": ["x"] } ]
            }
            """);

        Assert.Equal(
            [
                "accounts[0].callbackUrl: \"127.0.9.9:8090/callback\" is no http or https URL with scheme and host",
                "accounts[0].credentials[0].password: an SMPP password is longer than 8 characters",
                "accounts[1].name: duplicate login \"demo\"",
                "routes[0].prefix: \"+44\" is no prefix: up to 15 digits, no +; \"\" for all",
                "routes[1].carriers[0]: unknown carrier \"x\"",
            ],
            errors.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_syntax_error_is_named_with_its_line()
    {
        var errors = Refuse("{\n  \"accounts\": [\n    { \"name\": \"a\" \"enabled\": true }\n  ]\n}");

        Assert.StartsWith("line 3, column ", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "acounts": [] }""", "acounts: unknown property")]
    [InlineData("""{ "accounts": [ { "name": "a", "smpp": { "windows": 5 } } ] }""", "accounts[0].smpp.windows: unknown property")]
    [InlineData("""{ "accounts": [ { "name": "a", "name": "b" } ] }""", "accounts[0].name: given twice")]
    [InlineData("""{ "accounts": [ { } ] }""", "accounts[0].name: missing")]
    [InlineData("""{ "accounts": [ { "name": "" } ] }""", "accounts[0].name: empty")]
    [InlineData("""{ "accounts": [ { "name": 5 } ] }""", "accounts[0].name: expected a string")]
    [InlineData("""{ "accounts": [ 5 ] }""", "accounts[0]: expected an object")]
    [InlineData("""{ "accounts": { } }""", "accounts: expected a list")]
    [InlineData("""[ ]""", "document: expected an object")]
    [InlineData("""{ "accounts": [ { "name": "a", "enabled": "yes" } ] }""", "accounts[0].enabled: expected true or false")]
    [InlineData("""{ "accounts": [ { "name": "a", "maxParts": 256 } ] }""", "accounts[0].maxParts: expected a whole number from 1 to 255")]
    [InlineData("""{ "accounts": [ { "name": "a", "maxParts": 1.5 } ] }""", "accounts[0].maxParts: expected a whole number from 1 to 255")]
    [InlineData("""{ "accounts": [ { "name": "a", "defaultPriority": "bulk" } ] }""", "accounts[0].defaultPriority: unknown word \"bulk\", expected one of BULK_LOW, BULK, INTERACTIVE_LOW, INTERACTIVE")]
    [InlineData("""{ "accounts": [ { "name": "a", "defaultValidity": "2 days" } ] }""", "accounts[0].defaultValidity: expected a duration from \"00:00:01\" to \"30.00:00:00\"")]
    [InlineData("""{ "accounts": [ { "name": "sixteen-letters-" } ] }""", "accounts[0].name: \"sixteen-letters-\" is longer than 15 characters")]
    [InlineData("""{ "accounts": [ { "name": "a@b" } ] }""", "accounts[0].name: \"a@b\" may only have letters, digits, '.', '-' and '_'")]
    [InlineData("""{ "accounts": [ { "name": "a", "senders": ["+123"] } ] }""", "accounts[0].senders[0]: \"+123\" is no number (up to 15 digits, no +) and no alphanumeric sender (up to 11 characters)")]
    [InlineData("""{ "accounts": [ { "name": "a", "senders": ["1", "1"] } ] }""", "accounts[0].senders[1]: duplicate sender \"1\"")]
    [InlineData("""{ "accounts": [ { "name": "a", "senders": [1] } ] }""", "accounts[0].senders[0]: expected a string")]
    [InlineData("""{ "accounts": [ { "name": "a", "credentials": [ { "name": "m" } ] } ] }""", "accounts[0].credentials[0]: exactly one of password and passwordHash is needed")]
    [InlineData("""{ "accounts": [ { "name": "a", "credentials": [ { "name": "m", "passwordHash": "x" } ] } ] }""", "accounts[0].credentials[0].passwordHash: not of the form pbkdf2-sha256$ITERATIONS$SALT$HASH")]
    [InlineData("""{ "accounts": [ { "name": "a", "callbackUrl": "ftp://host/x" } ] }""", "accounts[0].callbackUrl: \"ftp://host/x\" is no http or https URL with scheme and host")]
    [InlineData("""{ "accounts": [ { "name": "a", "callbackUrl": "/callback" } ] }""", "accounts[0].callbackUrl: \"/callback\" is no http or https URL with scheme and host")]
    [InlineData("""{ "carriers": [ { "name": "c", "host": "h" }, { "name": "c", "host": "h" } ] }""", "carriers[1].name: duplicate carrier \"c\"")]
    [InlineData("""{ "carriers": [ { "name": "c", "host": "a b" } ] }""", "carriers[0].host: \"a b\" is no host name or address")]
    [InlineData("""{ "carriers": [ { "name": "c", "host": "h", "password": "123456789" } ] }""", "carriers[0].password: an SMPP password is longer than 8 characters")]
    [InlineData("""{ "carriers": [ { "name": "c", "host": "h", "systemId": "1234567890123456" } ] }""", "carriers[0].systemId: a system_id is longer than 15 characters")]
    [InlineData("""{ "carriers": [ { "name": "c", "host": "h", "bindType": "trx" } ] }""", "carriers[0].bindType: unknown word \"trx\", expected one of transceiver, transmitterReceiver")]
    [InlineData("""{ "carriers": [ { "name": "c", "host": "h", "sites": [] } ] }""", "carriers[0].sites: empty; leave it out for everywhere, or disable the carrier")]
    [InlineData("""{ "carriers": [ { "name": "c", "host": "h", "statuses": { "retryable": ["58"] } } ] }""", "carriers[0].statuses.retryable[0]: expected a code such as \"0x58\", at most 0xFFFFFFFF")]
    [InlineData("""{ "carriers": [ { "name": "c", "host": "h", "quirks": { "moIdTlv": "0x10000" } } ] }""", "carriers[0].quirks.moIdTlv: expected a code such as \"0x58\", at most 0xFFFF")]
    [InlineData("""{ "carriers": [ { "name": "c", "host": "h", "reconnect": { "first": "00:01:00" } } ] }""", "carriers[0].reconnect: max is shorter than first")]
    [InlineData("""{ "carriers": [ { "name": "c", "host": "h", "tps": 0 } ] }""", "carriers[0].tps: expected a number from 0.001 to 1000000")]
    [InlineData("""{ "carriers": [ { "name": "c", "host": "h", "maxBinds": 0 } ] }""", "carriers[0].maxBinds: expected a whole number from 1 to 10000")]
    [InlineData("""{ "carriers": [ { "name": "c", "host": "h", "maxBinds": 1, "bindType": "transmitterReceiver" } ] }""", "carriers[0].maxBinds: a transmitter and a receiver are two binds")]
    [InlineData("""{ "routes": [ { "prefix": "44", "carriers": [] } ] }""", "routes[0].carriers: empty")]
    [InlineData("""{ "routes": [ { "prefix": "0044", "carriers": ["c"] } ], "carriers": [ { "name": "c", "host": "h" } ] }""", "routes[0].prefix: \"0044\" starts with 0; prefixes are international")]
    [InlineData("""{ "routes": [ { "carriers": ["c"] } ], "carriers": [ { "name": "c", "host": "h" } ] }""", "routes[0].prefix: missing")]
    [InlineData("""{ "routes": [ { "prefix": "1", "carriers": ["c", "c"] } ], "carriers": [ { "name": "c", "host": "h" } ] }""", "routes[0].carriers[1]: \"c\" twice in one route")]
    [InlineData("""{ "routes": [ { "prefix": "1", "carriers": ["c"], "account": "x" } ], "carriers": [ { "name": "c", "host": "h" } ] }""", "routes[0].account: unknown account \"x\"")]
    [InlineData("""{ "routes": [ { "prefix": "1", "carriers": ["c"], "price": 0.0000001 } ], "carriers": [ { "name": "c", "host": "h" } ] }""", "routes[0]: price and cost have at most six decimals")]
    [InlineData("""{ "routes": [ { "prefix": "1", "carriers": ["c"], "currency": "eur" } ], "carriers": [ { "name": "c", "host": "h" } ] }""", "routes[0].currency: \"eur\" is no ISO 4217 code of three capitals")]
    [InlineData("""{ "routes": [ { "prefix": "1", "carriers": ["c"] }, { "prefix": "1", "carriers": ["c"] } ], "carriers": [ { "name": "c", "host": "h" } ] }""", "routes[1]: the same prefix, account and sender as routes[0]")]
    [InlineData("""{ "numbers": [ { "number": "1", "account": "x" } ] }""", "numbers[0].account: unknown account \"x\"")]
    [InlineData("""{ "accounts": [ { "name": "x" } ], "numbers": [ { "number": "1", "account": "x" }, { "number": "1", "account": "x" } ] }""", "numbers[1].number: duplicate number \"1\"")]
    [InlineData("""{ "accounts": [ { "name": "x" } ], "numbers": [ { "number": "1", "account": "x", "protocol": "sms" } ] }""", "numbers[0].protocol: unknown word \"sms\", expected one of http, smpp")]
    [InlineData("""{ "apiKeys": [ { "name": "k", "role": "root", "key": "local-admin-key" } ] }""", "apiKeys[0].role: unknown word \"root\", expected one of viewer, operator, admin")]
    [InlineData("""{ "apiKeys": [ { "name": "k", "role": "admin", "key": "short" } ] }""", "apiKeys[0].key: shorter than 12 characters")]
    [InlineData("""{ "apiKeys": [ { "name": "k", "role": "admin" } ] }""", "apiKeys[0]: exactly one of key and keyHash is needed")]
    [InlineData("""{ "apiKeys": [ { "name": "\ud800", "role": "admin" } ] }""", "document: a string has half a surrogate pair")]
    public void A_mistake_is_named_with_its_path(string json, string error) => Assert.Equal([error], Refuse(json));

    [Fact]
    public void A_long_password_is_fine_where_there_is_no_SMPP() =>
        Read("""{ "accounts": [ { "name": "a-name-longer-than-fifteen", "smpp": { "enabled": false }, "credentials": [ { "name": "m", "password": "correct horse battery staple" } ] } ] }""");

    [Fact]
    public void The_seed_of_the_local_topology_is_a_document()
    {
        var document = Read(File.ReadAllText(Path.Combine(RepositoryPaths.Root, "deploy", "local", "seed.json")));

        Assert.Equal(["demo", "acme"], document.Accounts.Select(a => a.Name));
        Assert.All(document.Accounts, a => Assert.Equal(new AccountSmppSettings { Window = 1000, BindsPerNode = 64 }, a.Smpp));
    }

    private static ConfigurationDocument Read(string json)
    {
        var document = ConfigurationReader.Read(json, out var errors);
        Assert.Empty(errors);
        return document!;
    }

    private static IReadOnlyList<string> Refuse(string json)
    {
        Assert.Null(ConfigurationReader.Read(json, out var errors));
        return errors;
    }
}
