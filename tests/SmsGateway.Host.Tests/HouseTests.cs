using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests;

/// <summary>The arrows of docs/architecture.md, read off the `using` lines, and the size of files.</summary>
public sealed class HouseTests
{
    private const int LongestFile = 400;

    [Theory]
    [InlineData("SmsGateway.Smpp", "SmsGateway.Ledger", "SmsGateway.Host", "Npgsql", "Microsoft.AspNetCore.Http", "Microsoft.EntityFrameworkCore")]
    [InlineData("SmsGateway.Ledger", "SmsGateway.Smpp", "SmsGateway.Host", "Microsoft.AspNetCore.Http")]
    [InlineData("SmsGateway.Simulator", "SmsGateway.Ledger", "SmsGateway.Host")]
    [InlineData("SmsGateway.Host/Flow", "SmsGateway.Host.Receiver", "SmsGateway.Host.Esme", "SmsGateway.Host.Carriers", "SmsGateway.Host.Callbacks", "SmsGateway.Host.Admin")]
    [InlineData("SmsGateway.Host/Routing", "SmsGateway.Host.Receiver", "SmsGateway.Host.Esme", "SmsGateway.Host.Carriers", "SmsGateway.Host.Callbacks", "SmsGateway.Host.Admin")]
    [InlineData("SmsGateway.Host/Hold", "SmsGateway.Host.Receiver", "SmsGateway.Host.Esme", "SmsGateway.Host.Carriers", "SmsGateway.Host.Callbacks", "SmsGateway.Host.Flow", "SmsGateway.Host.Admin")]
    [InlineData("SmsGateway.Host/Receiver", "SmsGateway.Host.Esme", "SmsGateway.Host.Carriers", "SmsGateway.Host.Callbacks")]
    [InlineData("SmsGateway.Host/Esme", "SmsGateway.Host.Receiver", "SmsGateway.Host.Carriers", "SmsGateway.Host.Callbacks")]
    [InlineData("SmsGateway.Host/Carriers", "SmsGateway.Host.Receiver", "SmsGateway.Host.Esme", "SmsGateway.Host.Callbacks")]
    [InlineData("SmsGateway.Host/Callbacks", "SmsGateway.Host.Receiver", "SmsGateway.Host.Esme", "SmsGateway.Host.Carriers")]
    public void A_room_does_not_know_what_it_should_not(string room, params string[] forbidden)
    {
        var files = Sources(room);
        Assert.NotEmpty(files);

        var seen = files.SelectMany(file => File.ReadLines(file)
            .Where(line => forbidden.Any(name => line.StartsWith($"using {name};", StringComparison.Ordinal) || line.StartsWith($"using {name}.", StringComparison.Ordinal)))
            .Select(line => $"{Path.GetFileName(file)}: {line}"));

        Assert.Empty(seen);
    }

    [Fact]
    public void No_source_file_is_longer_than_one_idea_needs() =>
        Assert.DoesNotContain(Sources(""), file => File.ReadLines(file).Count() > LongestFile);

    private static string[] Sources(string folder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, "src", folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)),
    ];
}
