using System.Globalization;
using SmsGateway.Smpp.Pdus;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Esme;

// The table of cases in docs/smpp-profile.md: tests take the expected status from there, so the page cannot say something else.
internal static class ProfileTable
{
    public static IReadOnlyDictionary<string, CommandStatus?> Rows { get; } = Read();

    public static CommandStatus Status(string row) =>
        Rows[row] ?? throw new ArgumentException($"row {row} has no status");

    private static Dictionary<string, CommandStatus?> Read()
    {
        var rows = new Dictionary<string, CommandStatus?>(StringComparer.Ordinal);
        var inside = false;
        foreach (var line in File.ReadLines(Path.Combine(RepositoryPaths.Root, "docs", "smpp-profile.md")))
        {
            inside |= line == "| row | case | status |";
            if (!inside || !line.StartsWith("| `", StringComparison.Ordinal))
            {
                continue;
            }

            var cells = line.Trim('|', ' ').Split('|');
            var status = cells[^1].Trim();
            rows.Add(cells[0].Trim(' ', '`'), status == "-" ? null : (CommandStatus)uint.Parse(status.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }

        return rows;
    }
}
