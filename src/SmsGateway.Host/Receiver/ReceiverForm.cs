namespace SmsGateway.Host.Receiver;

/// <summary>The parameters of one request as they came: decoded, nothing checked. A parameter of the body replaces that of the query string.</summary>
internal sealed class ReceiverForm
{
    private const int MaxName = 64;

    private readonly string?[] _values = new string?[(int)ReceiverParameter.Count];
    private uint _seen;

    /// <summary>What is wrong with the form itself, beginning with the parameter's name; null = nothing.</summary>
    public string? Error { get; private set; }

    /// <summary>Null when absent.</summary>
    public string? this[ReceiverParameter parameter] => _values[(int)parameter];

    /// <summary>Takes the query string without its question mark, then the body if there is one. Later calls win over earlier ones.</summary>
    public void Add(ReadOnlySpan<byte> pairs)
    {
        _seen = 0;
        while (!pairs.IsEmpty)
        {
            var end = pairs.IndexOf((byte)'&');
            var pair = end < 0 ? pairs : pairs[..end];
            pairs = end < 0 ? default : pairs[(end + 1)..];
            var equals = pair.IndexOf((byte)'=');
            var name = Which(equals < 0 ? pair : pair[..equals]);
            if (name != ReceiverParameter.Unknown)
            {
                Set(name, equals < 0 ? default : pair[(equals + 1)..]);
            }
        }
    }

    private void Set(ReceiverParameter parameter, ReadOnlySpan<byte> encoded)
    {
        if (parameter == ReceiverParameter.MmsAttachment)
        {
            _values[(int)parameter] = "";
            return;
        }

        // Two values in one place: which one the client means cannot be known, and a guess would send it.
        var bit = 1u << (int)parameter;
        if ((_seen & bit) != 0)
        {
            Error ??= $"{parameter.Name()}: given more than once";
        }

        _seen |= bit;
        if (!FormText.TryDecode(encoded, out var value))
        {
            Error ??= $"{parameter.Name()}: not URL-encoded UTF-8";
        }

        _values[(int)parameter] = value;
    }

    private static ReceiverParameter Which(ReadOnlySpan<byte> encoded)
    {
        if (!encoded.ContainsAny((byte)'%', (byte)'+'))
        {
            return Known(encoded);
        }

        // Brackets are often escaped: mms_attachment%5B0%5D.content
        Span<byte> name = stackalloc byte[MaxName];
        return encoded.Length <= MaxName && FormText.TryUnescape(encoded, name, out var length) ? Known(name[..length]) : ReceiverParameter.Unknown;
    }

    private static ReceiverParameter Known(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("login"u8) => ReceiverParameter.Login,
        _ when name.SequenceEqual("password"u8) => ReceiverParameter.Password,
        _ when name.SequenceEqual("phone_number"u8) => ReceiverParameter.PhoneNumber,
        _ when name.SequenceEqual("sender"u8) => ReceiverParameter.Sender,
        _ when name.SequenceEqual("carrier"u8) => ReceiverParameter.Carrier,
        _ when name.SequenceEqual("message"u8) => ReceiverParameter.Message,
        _ when name.SequenceEqual("message_id"u8) => ReceiverParameter.MessageId,
        _ when name.SequenceEqual("receipt"u8) => ReceiverParameter.Receipt,
        _ when name.SequenceEqual("app_id"u8) => ReceiverParameter.AppId,
        _ when name.SequenceEqual("conversation_id"u8) => ReceiverParameter.ConversationId,
        _ when name.SequenceEqual("priority"u8) => ReceiverParameter.Priority,
        _ when name.StartsWith("mms_attachment["u8) => ReceiverParameter.MmsAttachment,
        _ => ReceiverParameter.Unknown,
    };
}
