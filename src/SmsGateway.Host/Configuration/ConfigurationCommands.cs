using System.Globalization;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Configuration;

/// <summary>The commands <c>config apply FILE [--if-empty]</c> and <c>config export [--version N]</c>.</summary>
/// <remarks>Exit codes: 0 done (or nothing to do), 1 the ledger is out of reach, 2 the file or the command line is wrong.</remarks>
internal sealed class ConfigurationCommands(ConfigurationStore store, TextWriter output, TextWriter errors)
{
    private const string Usage = "usage: config apply FILE [--if-empty] | config export [--version N]";

    /// <param name="arguments">Without the leading "config".</param>
    /// <param name="cancellation">Ends the waits for the ledger.</param>
    public async Task<int> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        try
        {
            return arguments switch
            {
                ["apply", var file] => await ApplyAsync(file, ifEmpty: false, cancellation),
                ["apply", var file, "--if-empty"] => await ApplyAsync(file, ifEmpty: true, cancellation),
                ["export"] => await ExportAsync(null, cancellation),
                ["export", "--version", var number] when long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version) =>
                    await ExportAsync(version, cancellation),
                _ => await FailAsync(Usage),
            };
        }
        catch (Exception e) when (LedgerTrouble.Explain(e) is { } explanation)
        {
            await errors.WriteLineAsync(explanation);
            return 1;
        }
    }

    private async Task<int> ApplyAsync(string file, bool ifEmpty, CancellationToken cancellation)
    {
        string json;
        try
        {
            json = await File.ReadAllTextAsync(file, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return await FailAsync($"{file}: {e.Message}");
        }

        if (ConfigurationReader.Read(json, out var mistakes) is not { } document)
        {
            foreach (var mistake in mistakes)
            {
                await errors.WriteLineAsync(mistake);
            }

            return await FailAsync($"{file}: {mistakes.Count} mistake{(mistakes.Count == 1 ? "" : "s")}, nothing applied");
        }

        var latest = await store.LatestAsync(cancellation);
        if (latest is not null && ifEmpty)
        {
            return await DoneAsync($"version {latest.Version} is in force, nothing applied");
        }

        var inForce = latest is null ? null : ConfigurationReader.Read(latest.Document, out _);
        var canonical = ConfigurationJson.Canonical(DocumentSealing.Seal(document, inForce));
        var hash = ConfigurationJson.Hash(canonical);
        if (latest?.Hash == hash)
        {
            return await DoneAsync($"version {latest.Version} is the same, nothing applied");
        }

        var version = await store.ApplyAsync(canonical, hash, Environment.UserName, Path.GetFileName(file), ifEmpty, cancellation);
        return await DoneAsync(version is null ? "another configuration came first, nothing applied" : $"version {version} applied");
    }

    private async Task<int> ExportAsync(long? version, CancellationToken cancellation)
    {
        var found = version is { } number ? await store.VersionAsync(number, cancellation) : await store.LatestAsync(cancellation);
        if (found is null)
        {
            return await FailAsync(version is null ? "no configuration was ever applied" : $"there is no version {version}");
        }

        // An older version that today's rules refuse is still shown, as it is stored.
        var document = ConfigurationReader.Read(found.Document, out _);
        return await DoneAsync(document is null ? found.Document : ConfigurationJson.Readable(document));
    }

    private async Task<int> DoneAsync(string text)
    {
        await output.WriteLineAsync(text);
        return 0;
    }

    private async Task<int> FailAsync(string text)
    {
        await errors.WriteLineAsync(text);
        return 2;
    }
}
