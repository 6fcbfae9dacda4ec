using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Operations;

public sealed class OptionsReportTests
{
    private const string Connection = "Host=db1;Password=hidden";

    private static (bool Accepted, string Said) Report(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        builder.AddGateway();
        using var said = new StringWriter();
        return (OptionsReport.Accepts(builder, said), said.ToString());
    }

    [Fact]
    public void The_defaults_with_a_connection_string_are_accepted_in_silence() =>
        Assert.Equal((true, ""), Report(("Ledger:ConnectionString", Connection)));

    [Fact]
    public void A_missing_connection_string_is_named_with_what_to_set()
    {
        var (accepted, said) = Report();
        Assert.False(accepted);
        Assert.Contains("Ledger:ConnectionString: is not set; set Ledger__ConnectionString", said, StringComparison.Ordinal);
    }

    [Fact]
    public void All_wrong_options_of_all_sections_are_named_at_once()
    {
        var (accepted, said) = Report(
            ("Ledger:ConnectionString", Connection),
            ("Ledger:Lanes", "0"),
            ("Ledger:RetryFor", "soon"),
            ("Receiver:Address", "8080"),
            ("Receiver:MaxBodyBytes", "many"),
            ("Smpp:ResponseTimeout", "-00:00:01"),
            ("Admin:Adress", "127.0.0.1:1"),
            ("Node:Name", "has space"),
            ("Callbacks:AllowPrivateTargets", "perhaps"),
            ("Callbacks:ConcurrencyPerAccount", "0"));

        Assert.False(accepted);
        Assert.StartsWith("9 options are wrong; nothing was started:", said, StringComparison.Ordinal);
        Assert.Contains("Ledger:Lanes: The field Lanes must be between 1 and 32. (is \"0\")", said, StringComparison.Ordinal);
        Assert.Contains("Ledger:RetryFor: \"soon\" is not a duration such as 00:00:30", said, StringComparison.Ordinal);
        Assert.Contains("Receiver:Address: must be ADDRESS:PORT", said, StringComparison.Ordinal);
        Assert.Contains("Receiver:MaxBodyBytes: \"many\" is not a whole number in range", said, StringComparison.Ordinal);
        Assert.Contains("Smpp:ResponseTimeout: must be a duration from 00:00:01 to 00:10:00", said, StringComparison.Ordinal);
        Assert.Contains("Admin:Adress: there is no such option (known here: Address,", said, StringComparison.Ordinal);
        Assert.Contains("Node:Name: must be 1 to 63 letters", said, StringComparison.Ordinal);
        Assert.Contains("Callbacks:AllowPrivateTargets: \"perhaps\" is not true or false", said, StringComparison.Ordinal);
        Assert.Contains("Callbacks:ConcurrencyPerAccount: must be from 1 to 1000 (is \"0\")", said, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", said, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", said, StringComparison.Ordinal); // no stack trace
    }

    [Theory]
    [InlineData("2.00:00:01", "2.00:00:00", false)]
    [InlineData("2.00:00:00", "2.00:00:00", true)]
    [InlineData("7.00:00:01", null, false)]
    [InlineData("20.00:00:00", "30.00:00:00", true)]
    [InlineData(null, "1.00:00:00", true)]
    public void A_validity_longer_than_keys_are_kept_is_refused(string? longest, string? retention, bool isAccepted)
    {
        var settings = new List<(string, string)> { ("Ledger:ConnectionString", Connection) };
        settings.AddRange(longest is null ? [] : [("Flow:LongestValidity", longest)]);
        settings.AddRange(retention is null ? [] : [("Ledger:Retention", retention)]);

        var (accepted, said) = Report([.. settings]);

        Assert.Equal((isAccepted, !isAccepted), (accepted, said.Contains("Flow:LongestValidity: must not be longer than Ledger:Retention (", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_longest_validity_follows_a_shorter_retention()
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("Ledger:Retention", "1.00:00:00"), new("Ledger:ConnectionString", Connection)]).Build())
            .AddLedger("node1", "local")
            .AddFlow()
            .BuildServiceProvider();

        Assert.Equal(TimeSpan.FromDays(1), services.GetRequiredService<IOptions<FlowOptions>>().Value.LongestValidity);
    }

    [Theory]
    [InlineData("127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("*:2775", "[::]:2775")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    public void A_listen_address_is_an_address_and_a_port(string text, string expected) => Assert.Equal(expected, ListenAddress.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("8080")]
    [InlineData(":8080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("fe80::1:8080")]
    [InlineData("example.org:80")]
    [InlineData("http://127.0.0.1:80")]
    public void Anything_else_is_not(string text) => Assert.False(ListenAddress.TryParse(text, out _));
}
