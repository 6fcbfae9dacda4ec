using System.Buffers;
using System.Globalization;

namespace SmsGateway.Smpp.Receipts;

// The keys of a receipt text and what stands behind each. A key starts a word and is followed by a colon; the first of its kind
// counts. The text of the message may hold anything, so only a key that has not been seen yet ends it.
internal readonly struct ReceiptFields
{
    internal const int Id = 0;
    internal const int Sub = 1;
    internal const int Dlvrd = 2;
    internal const int SubmitDate = 3;
    internal const int DoneDate = 4;
    internal const int Stat = 5;
    internal const int Err = 6;
    internal const int Text = 7;
    private const int Kinds = 8;

    private static readonly (string Key, int Kind)[] Keys =
    [
        ("id", Id), ("sub", Sub), ("dlvrd", Dlvrd), ("submit date", SubmitDate), ("submitdate", SubmitDate), ("submit_date", SubmitDate),
        ("done date", DoneDate), ("donedate", DoneDate), ("done_date", DoneDate), ("stat", Stat), ("status", Stat), ("err", Err),
        ("error", Err), ("text", Text),
    ];

    private const string Separators = " \t\r\n,;\0";
    private static readonly SearchValues<char> SeparatorSet = SearchValues.Create(Separators);
    private readonly string?[] _values;

    private ReceiptFields(string?[] values)
    {
        _values = values;
    }

    internal static ReceiptFields Find(string text)
    {
        var values = new string?[Kinds];
        var kind = -1;
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if ((i > 0 && !SeparatorSet.Contains(text[i - 1])) || !TryKeyAt(text, i, out var next, out var valueAt) || values[next] is not null || next == kind)
                continue;
            if (kind >= 0)
                values[kind] = text[start..i];
            kind = next;
            start = valueAt;
            i = valueAt - 1;
        }

        if (kind >= 0)
            values[kind] = text[start..];
        return new ReceiptFields(values);
    }

    // All of it, without what separates it from its neighbours.
    internal string? Value(int kind) => _values[kind] is { } value && value.AsSpan().Trim(Separators) is { Length: > 0 } trimmed ? trimmed.ToString() : null;

    internal string? Word(int kind)
    {
        if (Value(kind) is not { } value)
            return null;
        var end = value.AsSpan().IndexOfAny(SeparatorSet);
        return end < 0 ? value : value[..end];
    }

    internal int? Number(int kind) =>
        int.TryParse(Word(kind), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool TryKeyAt(string text, int at, out int kind, out int valueAt)
    {
        foreach (var (key, ofKind) in Keys)
        {
            if (string.Compare(text, at, key, 0, key.Length, StringComparison.OrdinalIgnoreCase) != 0)
                continue;
            var colon = at + key.Length;
            while (colon < text.Length && text[colon] == ' ')
                colon++;
            if (colon == text.Length || text[colon] != ':')
                continue;
            (kind, valueAt) = (ofKind, colon + 1);
            return true;
        }

        (kind, valueAt) = (-1, at);
        return false;
    }
}
