using System.Text;

namespace SmsGateway.Simulator.Sink;

/// <summary>application/x-www-form-urlencoded, read by hand: thousands of callbacks a second pass here.</summary>
internal static class FormFields
{
    /// <summary>Value of the first field of that (plain ASCII) name, decoded; "" when absent.</summary>
    public static string Find(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        foreach (Range part in body.Split((byte)'&'))
        {
            ReadOnlySpan<byte> field = body[part];
            if (field.Length > name.Length && field[name.Length] == '=' && field.StartsWith(name))
                return Decode(field[(name.Length + 1)..]);
        }

        return "";
    }

    /// <summary>All fields in order; a name that comes twice keeps its last value.</summary>
    public static Dictionary<string, string> All(string body)
    {
        var fields = new Dictionary<string, string>();
        foreach (string part in body.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? part : part[..equals];
            fields[Decode(Encoding.UTF8.GetBytes(name))] = equals < 0 ? "" : Decode(Encoding.UTF8.GetBytes(part[(equals + 1)..]));
        }

        return fields;
    }

    private static string Decode(ReadOnlySpan<byte> value)
        => value.IndexOfAny((byte)'%', (byte)'+') < 0
            ? Encoding.UTF8.GetString(value)
            : Uri.UnescapeDataString(Encoding.UTF8.GetString(value).Replace('+', ' '));
}
