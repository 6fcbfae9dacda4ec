namespace SmsGateway.Ledger.Schema.Migrations;

// SQL of a migration, embedded beside it.
internal static class Script
{
    public static string Read(string name)
    {
        using var stream = typeof(Script).Assembly.GetManifestResourceStream(typeof(Script), name)
            ?? throw new InvalidOperationException($"The script {name} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
