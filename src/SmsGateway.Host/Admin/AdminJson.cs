using System.Text.Json;
using System.Text.Json.Serialization;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Admin;

// How the admin interface writes JSON: snake_case names as on the receiver, words for enums, nothing for what is not there.
internal static class AdminJson
{
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // read by people; never put into HTML
        options.Converters.Add(new JsonStringEnumConverter<Priority>(JsonNamingPolicy.SnakeCaseUpper)); // as the receiver takes them
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
    }
}
