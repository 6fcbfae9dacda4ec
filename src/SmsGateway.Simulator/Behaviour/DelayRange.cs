using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmsGateway.Simulator.Behaviour;

/// <summary>A delay in milliseconds: fixed (<c>30</c> in JSON) or drawn between two bounds (<c>{"min":10,"max":50}</c>).</summary>
[JsonConverter(typeof(DelayRangeConverter))]
internal readonly record struct DelayRange(int Min, int Max)
{
    public static implicit operator DelayRange(int fixedMs) => new(fixedMs, fixedMs);

    public int Draw(Random random) => Min >= Max ? Min : random.Next(Min, Max + 1);
}

internal sealed class DelayRangeConverter : JsonConverter<DelayRange>
{
    public override DelayRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.GetInt32();
        }

        using var document = JsonDocument.ParseValue(ref reader);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("min", out JsonElement min) || !root.TryGetProperty("max", out JsonElement max))
        {
            throw new JsonException("A delay is a number of milliseconds or {\"min\":MS,\"max\":MS}.");
        }

        return min.GetInt32() <= max.GetInt32()
            ? new DelayRange(min.GetInt32(), max.GetInt32())
            : throw new JsonException("min is greater than max.");
    }

    public override void Write(Utf8JsonWriter writer, DelayRange value, JsonSerializerOptions options)
    {
        if (value.Min == value.Max)
        {
            writer.WriteNumberValue(value.Min);
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("min", value.Min);
        writer.WriteNumber("max", value.Max);
        writer.WriteEndObject();
    }
}
