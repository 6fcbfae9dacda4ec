namespace SmsGateway.TestKit;

/// <summary>What a shell would find.</summary>
internal static class SearchPath
{
    private static readonly string[] Directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The first directory on PATH that has all these programs; null = none.</summary>
    public static string? DirectoryWith(params string[] programs) =>
        Array.Find(Directories, directory => Array.TrueForAll(programs, program => File.Exists(Path.Combine(directory, program))));
}
