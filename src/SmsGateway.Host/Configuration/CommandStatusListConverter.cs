using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmsGateway.Host.Configuration;

/// <summary>Writes command statuses as carriers' manuals do: "0x14". Documents are read by ConfigurationReader, never through this.</summary>
internal sealed class CommandStatusListConverter : JsonConverter<IReadOnlyList<uint>>
{
    public override IReadOnlyList<uint> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("ConfigurationReader reads documents");

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<uint> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var status in value)
        {
            writer.WriteStringValue("0x" + status.ToString("X2", CultureInfo.InvariantCulture));
        }

        writer.WriteEndArray();
    }
}
