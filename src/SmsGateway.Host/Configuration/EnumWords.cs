using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;

namespace SmsGateway.Host.Configuration;

/// <summary>The words a document uses for an enum, taken from the attributes that also write them.</summary>
internal static class EnumWords<T>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<string, T> Values = Enum.GetValues<T>().ToFrozenDictionary(WordOf, StringComparer.Ordinal);

    public static string All { get; } = string.Join(", ", Enum.GetValues<T>().Select(WordOf));

    public static bool TryGet(string word, out T value) => Values.TryGetValue(word, out value);

    private static string WordOf(T value) =>
        typeof(T).GetField(value.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()!.Name;
}
