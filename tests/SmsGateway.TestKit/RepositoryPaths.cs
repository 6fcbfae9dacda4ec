namespace SmsGateway.TestKit;

/// <summary>Where the clone and the programs built in it are, seen from a running test.</summary>
public static class RepositoryPaths
{
    /// <summary>The directory that holds SmsGateway.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The built program of a project under src/ or tests/, of the same configuration (Debug, Release) as the running test.</summary>
    /// <exception cref="FileNotFoundException">It has not been built.</exception>
    public static string Program(string project)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        foreach (var folder in (string[])["src", "tests"])
        {
            var path = Path.Combine(Root, folder, project, "bin", framework.Parent!.Name, framework.Name, project + ".dll");
            if (File.Exists(path))
                return path;
        }
        throw new FileNotFoundException($"{project} is not built in configuration {framework.Parent!.Name}: build SmsGateway.sln first.");
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "SmsGateway.sln")))
                return at.FullName;
        }
        throw new DirectoryNotFoundException($"No SmsGateway.sln above {AppContext.BaseDirectory}.");
    }
}
