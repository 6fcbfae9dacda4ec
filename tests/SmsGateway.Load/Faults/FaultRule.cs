using System.Globalization;
using SmsGateway.Load.Run;

namespace SmsGateway.Load.Faults;

/// <summary>What is done to a process.</summary>
internal enum FaultKind
{
    /// <summary>SIGKILL: a power cut.</summary>
    Kill,

    /// <summary>SIGSTOP to it and all its children, and SIGCONT later: alive, and deaf.</summary>
    Stop,

    /// <summary>SIGTERM: an orderly stop.</summary>
    Term,

    /// <summary>Done by somebody else (<see cref="Marks"/>).</summary>
    Outside,
}

/// <summary>One <c>--fault</c>: what is hurt, how, when and how often.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="StopSeconds">How long a stop lasts.</param>
/// <param name="Groups">Names hurt at once; of several groups one each time by the seed, or one after the other.</param>
/// <param name="InTurn">All groups, one after the other, each when the one before is ready again.</param>
/// <param name="FromSeconds">Earliest moment after the start of the run, or after the fault before is over.</param>
/// <param name="ToSeconds">Latest moment; it is drawn between the two.</param>
/// <param name="Times">How often; in turn: how many rounds.</param>
internal sealed record FaultRule(
    FaultKind Kind, double StopSeconds, IReadOnlyList<IReadOnlyList<string>> Groups, bool InTurn, double FromSeconds, double ToSeconds, int Times)
{
    private const string Form = "--fault must be KIND:NAMES[@FROM[-TO][xTIMES]], see --help, not";
    private const double DefaultStopSeconds = 30;

    /// <summary>KIND:NAMES[@FROM[-TO][xTIMES]]: A+B at once; A,B one of them each time; A/B one after the other.</summary>
    /// <exception cref="LoadFailure">It is none.</exception>
    public static FaultRule Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        int at = text.LastIndexOf('@');
        if (colon <= 0 || (at >= 0 && at < colon))
            throw new LoadFailure($"{Form} \"{text}\"");
        (FaultKind kind, double stop) = ParseKind(text[..colon], text);
        string names = text[(colon + 1)..(at < 0 ? text.Length : at)];
        bool inTurn = names.Contains('/', StringComparison.Ordinal);
        if (inTurn && names.Contains(',', StringComparison.Ordinal))
            throw new LoadFailure($"--fault: NAMES have \",\" (one of them) or \"/\" (one after the other), not both: \"{text}\"");
        IReadOnlyList<IReadOnlyList<string>> groups = [.. names.Split(inTurn ? '/' : ',').Select(group => group.Split('+'))];
        if (groups.Any(group => group.Any(name => name.Length == 0)))
            throw new LoadFailure($"{Form} \"{text}\"");
        (double from, double to, int times) = at < 0 ? (2, 5, 1) : ParseWhen(text[(at + 1)..], text);
        return new FaultRule(kind, stop, groups, inTurn, from, to, times);
    }

    private static (FaultKind Kind, double StopSeconds) ParseKind(string kind, string text) => kind switch
    {
        "kill" => (FaultKind.Kill, 0),
        "term" => (FaultKind.Term, 0),
        "stop" => (FaultKind.Stop, DefaultStopSeconds),
        _ when kind.StartsWith("stop", StringComparison.Ordinal) && TryNumber(kind[4..], out double seconds) => (FaultKind.Stop, seconds),
        _ => throw new LoadFailure($"--fault: KIND is kill, term, stop or stopSECONDS, not \"{kind}\" as in \"{text}\""),
    };

    private static (double From, double To, int Times) ParseWhen(string when, string text)
    {
        int times = 1;
        int x = when.IndexOf('x', StringComparison.Ordinal);
        if (x >= 0 && (!int.TryParse(when[(x + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out times) || times < 1))
            throw new LoadFailure($"{Form} \"{text}\"");
        string[] range = (x < 0 ? when : when[..x]).Split('-');
        if (range.Length > 2 || !TryNumber(range[0], out double from) || !TryNumber(range[^1], out double to) || to < from)
            throw new LoadFailure($"{Form} \"{text}\"");
        return (from, to, times);
    }

    private static bool TryNumber(string text, out double number)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
}
