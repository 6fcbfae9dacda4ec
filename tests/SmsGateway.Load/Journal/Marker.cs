using System.Buffers.Text;
using System.Globalization;

namespace SmsGateway.Load.Journal;

// What makes a message of a run recognisable everywhere: "RUN-NUMBER", first word of its text and its client message id. The run's id keeps
// several runs against the same simulators apart.
internal sealed class Marker(string run)
{
    private const int RunLength = 7;
    private readonly byte[] _prefix = System.Text.Encoding.ASCII.GetBytes(run + "-");

    /// <summary>The run's id.</summary>
    public string Run => run;

    /// <summary>What every marker of the run starts with.</summary>
    public string Prefix => run + "-";

    /// <summary>A new run id: a letter, so that nothing takes a marker for a number, and base 36 digits of the time.</summary>
    public static Marker New(TimeProvider time)
    {
        const string digits = "0123456789abcdefghijklmnopqrstuvwxyz";
        long value = time.GetUtcNow().ToUnixTimeMilliseconds();
        Span<char> text = stackalloc char[RunLength];
        text[0] = 'm';
        for (int i = RunLength - 1; i > 0; i--, value /= 36)
            text[i] = digits[(int)(value % 36)];
        return new Marker(new string(text));
    }

    public string Of(int number) => string.Create(CultureInfo.InvariantCulture, $"{run}-{number}");

    /// <summary>The number at the start of a text or id of this run; -1 for anything else.</summary>
    public int Parse(ReadOnlySpan<byte> text)
        => text.StartsWith(_prefix) && Utf8Parser.TryParse(text[_prefix.Length..], out int number, out _) && number >= 0 ? number : -1;
}
