using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Configuration;

/// <summary>The words a document uses for an enum: what its attributes say, or for the ledger's enums the spelling of the interfaces.</summary>
internal static class EnumWords<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<string, T> Values = Enum.GetValues<T>().ToFrozenDictionary(Of, StringComparer.Ordinal);

    public static string All { get; } = string.Join(", ", Enum.GetValues<T>().Select(Of));

    public static bool TryGet(string word, out T value) => Values.TryGetValue(word, out value);

    public static string Of(T value)
    {
        var name = value.ToString();
        var policy = typeof(T) == typeof(Priority) ? JsonNamingPolicy.SnakeCaseUpper : JsonNamingPolicy.CamelCase;
        return typeof(T).GetField(name)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? policy.ConvertName(name);
    }
}
