using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SmsGateway.Simulator.Behaviour;

// The behaviour now in force, replaced whole by partial JSON updates: what an update leaves out stays as it is.
internal sealed class BehaviourBox<T>(T initial, Func<T, string?> check)
    where T : class
{
    private readonly Lock _gate = new();
    private volatile T _current = initial;

    public T Current => _current;

    /// <summary>Merges the JSON object into the behaviour. Returns null, or what is wrong with it (then nothing changed).</summary>
    public string? TryUpdate(string json)
    {
        lock (_gate)
        {
            try
            {
                if (JsonNode.Parse(json) is not JsonObject update)
                {
                    return "The body must be a JSON object.";
                }

                var merged = (JsonObject)JsonSerializer.SerializeToNode(_current, ControlJson.Options)!;
                Merge(merged, update);
                T next = merged.Deserialize<T>(ControlJson.Options)!;
                if (check(next) is { } error)
                {
                    return error;
                }

                _current = next;
                return null;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
            {
                return e.Message;
            }
        }
    }

    // "states" is replaced whole: weights that were not named again would surprise.
    private static void Merge(JsonObject target, JsonObject update)
    {
        foreach ((string name, JsonNode? value) in update)
        {
            if (name is "ids" or "receipts" && value is JsonObject changes && target[name] is JsonObject existing)
            {
                Merge(existing, changes);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }
}

/// <summary>How the control interfaces read and write JSON: camelCase, enum words, unknown members are errors.</summary>
internal static class ControlJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
