namespace SmsGateway.TestKit;

/// <summary>Where initdb and postgres are on this machine.</summary>
public static class PostgresBinaries
{
    private static readonly string[] Server = ["postgres", "initdb"];

    /// <summary>PG_BIN; else the highest major below /usr/lib/postgresql; else where <c>postgres</c> is on PATH. Null when there are none.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PG_BIN") is { Length: > 0 } named)
            return HasServer(named) ? named : throw new FileNotFoundException($"PG_BIN={named} has no initdb and postgres.");
        return HighestDebianMajor() ?? SearchPath.DirectoryWith(Server);
    }

    private static string? HighestDebianMajor()
    {
        const string Packages = "/usr/lib/postgresql";
        if (!Directory.Exists(Packages))
            return null;
        return Directory.GetDirectories(Packages)
            .Where(d => int.TryParse(Path.GetFileName(d), out _))
            .OrderByDescending(d => int.Parse(Path.GetFileName(d), null))
            .Select(d => Path.Combine(d, "bin"))
            .FirstOrDefault(HasServer);
    }

    private static bool HasServer(string directory) => Array.TrueForAll(Server, program => File.Exists(Path.Combine(directory, program)));
}
