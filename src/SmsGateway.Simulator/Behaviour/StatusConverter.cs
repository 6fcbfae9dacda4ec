using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmsGateway.Simulator.Behaviour;

// A command_status in JSON: 88, "88" or "0x58"; written as "0x58", the way SMPP people say it.
internal sealed class StatusConverter : JsonConverter<uint>
{
    public override uint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetUInt32(out uint number))
        {
            return number;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            string text = reader.GetString()!;
            bool hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
            if (uint.TryParse(hex ? text.AsSpan(2) : text, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out number))
            {
                return number;
            }
        }

        throw new JsonException("A status is a number or a string such as \"0x58\".");
    }

    public override void Write(Utf8JsonWriter writer, uint value, JsonSerializerOptions options)
        => writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"0x{value:X2}"));
}
