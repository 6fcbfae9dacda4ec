namespace SmsGateway.Host.Operations;

// Where this machine's PostgreSQL server programs are, and how root runs them.
internal static class PostgresPrograms
{
    /// <summary>PG_BIN, else the highest major below Debian's directory, else where PATH finds them; null when there are none.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PG_BIN") is { Length: > 0 } named)
        {
            return HasServer(named) ? named : null;
        }

        const string Debian = "/usr/lib/postgresql";
        var majors = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return majors.Where(path => int.TryParse(Path.GetFileName(path), out _))
                .OrderByDescending(path => int.Parse(Path.GetFileName(path), null))
                .Select(path => Path.Combine(path, "bin"))
                .FirstOrDefault(HasServer)
            ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(HasServer);
    }

    /// <summary>PostgreSQL refuses root: to its own user, or to nobody where there is none. setpriv replaces itself, so signals reach the server.</summary>
    public static string[] AsServerUser() =>
        File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal))
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--inh-caps=-all", "--"]
            : ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--"];

    private static bool HasServer(string directory) =>
        File.Exists(Path.Combine(directory, "postgres")) && File.Exists(Path.Combine(directory, "initdb"));
}
