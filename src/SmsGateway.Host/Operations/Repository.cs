namespace SmsGateway.Host.Operations;

// The clone a developer's node runs from.
internal static class Repository
{
    /// <summary>The nearest directory at or above <paramref name="path"/> that holds the solution; null outside a clone.</summary>
    public static string? RootAbove(string path)
    {
        for (var directory = new DirectoryInfo(path); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "SmsGateway.sln")))
            {
                return directory.FullName;
            }
        }

        return null;
    }
}
