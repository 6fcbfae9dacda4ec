#if DRILL
namespace SmsGateway.Ledger;

/// <summary>
/// Drill build only: one promise broken on purpose, the one that SMSGATEWAY_MUTANT names, so that the drill which guards it can be seen to notice
/// (docs/decisions/0017). Each name stands at one place in the code.
/// </summary>
public static class Mutant
{
    private static readonly string Wanted = Environment.GetEnvironmentVariable("SMSGATEWAY_MUTANT") ?? "";

    /// <summary>Whether this process is that mutant.</summary>
    public static bool Is(string name) => name == Wanted;

    /// <summary>A statement, or as that mutant has it.</summary>
    /// <exception cref="InvalidOperationException">The statement has changed: the mutant would be none.</exception>
    public static string Of(string name, string sql, string part, string instead)
    {
        ArgumentNullException.ThrowIfNull(sql);
        if (!Is(name))
        {
            return sql;
        }

        return sql.Contains(part, StringComparison.Ordinal)
            ? sql.Replace(part, instead, StringComparison.Ordinal)
            : throw new InvalidOperationException($"The statement that mutant {name} changes has no '{part}'.");
    }
}
#endif
