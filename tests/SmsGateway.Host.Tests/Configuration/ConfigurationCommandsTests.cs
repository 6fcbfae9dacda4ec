using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Tests.Configuration;

/// <summary>What the commands refuse before they turn to the ledger; there is none here, so turning to it would fail the test.</summary>
public sealed class ConfigurationCommandsTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Every_mistake_of_the_file_is_printed_and_nothing_applied()
    {
        await File.WriteAllTextAsync(_file, """{ "routes": [ { "prefix": "+44", "carriers": ["x"] } ], "acounts": [] }""");

        Assert.Equal(2, await RunAsync("apply", _file));

        Assert.Equal(
            [
                "acounts: unknown property",
                "routes[0].prefix: \"+44\" is no prefix: up to 15 digits, no +; \"\" for all",
                "routes[0].carriers[0]: unknown carrier \"x\"",
                $"{_file}: 3 mistakes, nothing applied",
            ],
            _errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        Assert.Equal(2, await RunAsync("apply", _file, "--if-empty"));
        Assert.Contains(_file, _errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("apply")]
    [InlineData("apply", "file", "--force")]
    [InlineData("export", "--version", "latest")]
    [InlineData("import", "file")]
    public async Task Anything_else_prints_the_usage(params string[] arguments)
    {
        Assert.Equal(2, await RunAsync(arguments));
        Assert.StartsWith("usage: config apply FILE", _errors.ToString(), StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] arguments) =>
        new ConfigurationCommands(null!, _output, _errors).RunAsync(arguments, CancellationToken.None);
}
