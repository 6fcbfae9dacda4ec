using System.Text.Json;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Configuration;

/// <summary>From JSON to records. Collects every mistake of form and range; what refers to something else is ConfigurationValidator's.</summary>
internal static partial class ConfigurationReader
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads and validates. A document comes out only when nothing is wrong with it.</summary>
    /// <param name="json">UTF-16 text of the document; comments and trailing commas are allowed.</param>
    /// <param name="errors">Every mistake, each with its path.</param>
    public static ConfigurationDocument? Read(string json, out IReadOnlyList<string> errors)
    {
        var found = new List<string>();
        errors = found;
        try
        {
            using var parsed = JsonDocument.Parse(json, Lenient);
            var reader = new SettingsReader(parsed.RootElement, "", found);
            var document = new ConfigurationDocument
            {
                Accounts = reader.Objects("accounts", Account),
                Carriers = reader.Objects("carriers", Carrier),
                Routes = reader.Objects("routes", Route),
                Numbers = reader.Objects("numbers", Number),
                ApiKeys = reader.Objects("apiKeys", ApiKey),
            };
            reader.RefuseUnknown();
            ConfigurationValidator.Validate(document, found);
            return found.Count == 0 ? document : null;
        }
        catch (JsonException e)
        {
            found.Add($"line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: not JSON: {e.Message}");
            return null;
        }
        catch (InvalidOperationException)
        {
            // The parser takes \ud800 alone; reading such a string is where it is found.
            found.Add("document: a string has half a surrogate pair");
            return null;
        }
    }

    private static RouteSettings Route(SettingsReader r) => new()
    {
        Prefix = r.Required("prefix", mayBeEmpty: true),
        Account = r.Text("account"),
        Sender = r.Text("sender"),
        Carriers = r.Texts("carriers") ?? [],
        Price = r.Decimal("price", 0, 999_999) ?? 0,
        Cost = r.Decimal("cost", 0, 999_999) ?? 0,
        Currency = r.Text("currency"),
        Enabled = r.Flag("enabled", true),
    };

    private static NumberSettings Number(SettingsReader r) => new()
    {
        Number = r.Required("number"),
        Account = r.Required("account"),
        Enabled = r.Flag("enabled", true),
        Protocol = r.Word<Protocol>("protocol"),
    };

    private static ApiKeySettings ApiKey(SettingsReader r) => new()
    {
        Name = r.Required("name"),
        Role = RequiredRole(r),
        Key = r.Text("key"),
        KeyHash = r.Text("keyHash"),
    };

    private static ApiRole RequiredRole(SettingsReader r)
    {
        if (r.Required("role").Length == 0)
        {
            return ApiRole.Viewer;
        }

        return r.Word<ApiRole>("role") ?? ApiRole.Viewer;
    }
}
