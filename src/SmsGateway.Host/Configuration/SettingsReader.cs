using System.Globalization;
using System.Text.Json;

namespace SmsGateway.Host.Configuration;

/// <summary>Reads the properties of one JSON object, names every mistake with its path and goes on with a default, so that one pass finds them all.</summary>
internal sealed class SettingsReader
{
    private readonly Dictionary<string, JsonElement> _properties = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly List<string> _errors;
    private readonly bool _isObject;

    public SettingsReader(JsonElement element, string path, List<string> errors)
    {
        _path = path;
        _errors = errors;
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add($"{(path.Length == 0 ? "document" : path)}: expected an object");
            return;
        }

        _isObject = true;
        foreach (var property in element.EnumerateObject())
        {
            if (!_properties.TryAdd(property.Name, property.Value))
            {
                Fail(property.Name, "given twice");
            }

            _unread.Add(property.Name);
        }
    }

    /// <summary>Call last: what nobody asked for is a typing mistake.</summary>
    public void RefuseUnknown()
    {
        foreach (var name in _properties.Keys.Where(_unread.Contains))
        {
            Fail(name, "unknown property");
        }
    }

    /// <summary>"" stands for a mistake already named here, so nobody need name it again.</summary>
    public string Required(string name, bool mayBeEmpty = false)
    {
        if (!_properties.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            _unread.Remove(name);
            if (_isObject)
            {
                Fail(name, "missing");
            }

            return "";
        }

        var text = Text(name);
        if (text is "" && !mayBeEmpty)
        {
            Fail(name, "empty");
        }

        return text ?? "";
    }

    public string? Text(string name) =>
        Take(name, JsonValueKind.String, "a string", out var value) ? value.GetString() : null;

    public bool Flag(string name, bool otherwise)
    {
        if (!TryTake(name, out var value))
        {
            return otherwise;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Fail(name, "expected true or false");
        return otherwise;
    }

    public int Number(string name, int otherwise, int min, int max) => NumberOrNull(name, min, max) ?? otherwise;

    public int? NumberOrNull(string name, int min, int max)
    {
        if (!Take(name, JsonValueKind.Number, "a number", out var value))
        {
            return null;
        }

        if (value.TryGetInt32(out var number) && number >= min && number <= max)
        {
            return number;
        }

        Fail(name, $"expected a whole number from {min} to {max}");
        return null;
    }

    public decimal? Decimal(string name, decimal min, decimal max)
    {
        if (!Take(name, JsonValueKind.Number, "a number", out var value))
        {
            return null;
        }

        if (value.TryGetDecimal(out var number) && number >= min && number <= max)
        {
            return number;
        }

        Fail(name, string.Create(CultureInfo.InvariantCulture, $"expected a number from {min} to {max}"));
        return null;
    }

    public TimeSpan Duration(string name, TimeSpan otherwise, TimeSpan min, TimeSpan max) => DurationOrNull(name, min, max) ?? otherwise;

    public TimeSpan? DurationOrNull(string name, TimeSpan min, TimeSpan max)
    {
        if (!Take(name, JsonValueKind.String, "a duration such as \"00:00:05\" or \"2.00:00:00\"", out var value))
        {
            return null;
        }

        if (TimeSpan.TryParseExact(value.GetString(), "c", CultureInfo.InvariantCulture, out var duration) && duration >= min && duration <= max)
        {
            return duration;
        }

        Fail(name, $"expected a duration from \"{min:c}\" to \"{max:c}\"");
        return null;
    }

    public T? Word<T>(string name)
        where T : struct, Enum
    {
        if (!Take(name, JsonValueKind.String, "a string", out var value))
        {
            return null;
        }

        if (EnumWords<T>.TryGet(value.GetString()!, out var word))
        {
            return word;
        }

        Fail(name, $"unknown word \"{value.GetString()}\", expected one of {EnumWords<T>.All}");
        return null;
    }

    /// <summary>As with <see cref="Required"/>, "" stands for a mistake already named.</summary>
    public List<string>? Texts(string name) => List(name, (element, path) =>
    {
        if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } text)
        {
            return text;
        }

        _errors.Add($"{path}: {(element.ValueKind == JsonValueKind.String ? "empty" : "expected a string")}");
        return "";
    });

    /// <summary>A command status or TLV tag: "0x58" or 88.</summary>
    public uint? Code(string name, uint max)
    {
        if (!TryTake(name, out var value))
        {
            return null;
        }

        return ParseCode(value, PathOf(name), max);
    }

    public List<uint>? Codes(string name, uint max) => List(name, (element, path) => ParseCode(element, path, max) ?? 0);

    public T? Object<T>(string name, Func<SettingsReader, T> read)
        where T : class
    {
        if (!TryTake(name, out var value))
        {
            return null;
        }

        return Whole(value, PathOf(name), read);
    }

    /// <summary>A word that stands for a whole object, or the object.</summary>
    public T? WordOrObject<TWord, T>(string name, Func<TWord, T> whole, Func<SettingsReader, T> read)
        where TWord : struct, Enum
        where T : class
    {
        if (_properties.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String)
        {
            return Word<TWord>(name) is { } word ? whole(word) : null;
        }

        return Object(name, read);
    }

    public List<T> Objects<T>(string name, Func<SettingsReader, T> read) => List(name, (element, path) => Whole(element, path, read)) ?? [];

    public void Fail(string name, string what) => _errors.Add($"{PathOf(name)}: {what}");

    private T Whole<T>(JsonElement element, string path, Func<SettingsReader, T> read)
    {
        var reader = new SettingsReader(element, path, _errors);
        var result = read(reader);
        reader.RefuseUnknown();
        return result;
    }

    private List<T>? List<T>(string name, Func<JsonElement, string, T> read)
    {
        if (!Take(name, JsonValueKind.Array, "a list", out var value))
        {
            return null;
        }

        var path = PathOf(name);
        return [.. value.EnumerateArray().Select((element, i) => read(element, $"{path}[{i}]"))];
    }

    private uint? ParseCode(JsonElement element, string path, uint max)
    {
        uint code = 0;
        var text = element.ValueKind == JsonValueKind.String ? element.GetString()! : "";
        var parsed = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code)
            : element.ValueKind == JsonValueKind.Number && element.TryGetUInt32(out code);
        if (parsed && code <= max)
        {
            return code;
        }

        _errors.Add($"{path}: expected a code such as \"0x58\", at most 0x{max:X}");
        return null;
    }

    private bool Take(string name, JsonValueKind kind, string expected, out JsonElement value)
    {
        if (!TryTake(name, out value))
        {
            return false;
        }

        if (value.ValueKind == kind)
        {
            return true;
        }

        Fail(name, $"expected {expected}");
        return false;
    }

    /// <summary>False also for null, which everywhere means "not set".</summary>
    private bool TryTake(string name, out JsonElement value)
    {
        _unread.Remove(name);
        return _properties.TryGetValue(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
