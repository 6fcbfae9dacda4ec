using SmsGateway.Ledger;

namespace SmsGateway.Host.Configuration;

internal static partial class ConfigurationReader
{
    private static AccountSettings Account(SettingsReader r) => new()
    {
        Name = r.Required("name"),
        Enabled = r.Flag("enabled", true),
        Credentials = r.Objects("credentials", Credential),
        Senders = r.Texts("senders") ?? [],
        CallbackUrl = Url(r, "callbackUrl"),
        CallbackSecret = r.Text("callbackSecret"),
        MessageIdOptional = r.Flag("messageIdOptional", false),
        DefaultPriority = r.Word<Priority>("defaultPriority") ?? Priority.Bulk,
        DefaultEncoding = r.Word<DefaultEncoding>("defaultEncoding") ?? DefaultEncoding.Utf8,
        Smpp = r.Object("smpp", Smpp) ?? new AccountSmppSettings(),
        RatePerSecond = r.NumberOrNull("ratePerSecond", 1, 1_000_000),
        MaxQueued = r.NumberOrNull("maxQueued", 1, 100_000_000),
        MaxParts = r.Number("maxParts", 10, 1, 255),
        Hold = r.Flag("hold", true),
        DefaultValidity = r.Duration("defaultValidity", TimeSpan.FromDays(2), TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
    };

    private static CredentialSettings Credential(SettingsReader r) => new()
    {
        Name = r.Required("name"),
        Password = r.Text("password"),
        PasswordHash = r.Text("passwordHash"),
    };

    private static AccountSmppSettings Smpp(SettingsReader r) => new()
    {
        Enabled = r.Flag("enabled", true),
        Window = r.Number("window", 10, 1, 10_000),
        BindsPerNode = r.Number("bindsPerNode", 8, 1, 10_000),
        DuplicateWindow = r.DurationOrNull("duplicateWindow", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
    };

    private static Uri? Url(SettingsReader r, string name)
    {
        if (r.Text(name) is not { } text)
        {
            return null;
        }

        // "host/path" and "localhost:8090/x" are the usual mistakes; the second even parses, with the scheme "localhost".
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0)
        {
            return url;
        }

        r.Fail(name, $"\"{text}\" is no http or https URL with scheme and host");
        return null;
    }
}
