using SmsGateway.Host.Configuration;
using SmsGateway.Host.Routing;
using SmsGateway.Host.Tests.Configuration;

namespace SmsGateway.Host.Tests.Routing;

public sealed class RouteTableTests
{
    [Theory]
    [InlineData("447700900123", "ab")]
    [InlineData("447", "ab")]
    [InlineData("44", "ab")]
    [InlineData("4", "b")]
    [InlineData("12025550100", "b")]
    [InlineData("", "b")]
    [InlineData("44x", "ab")]
    public void The_longest_prefix_wins_and_the_empty_one_is_the_default(string destination, string connectors) =>
        Assert.Equal(connectors, Resolve(Table(Route("44", "ab"), Route("", "b")), destination));

    [Fact]
    public void A_longer_prefix_wins_over_a_more_specific_shorter_one() =>
        Assert.Equal("b", Resolve(Table(Route("44", "a", account: "demo", sender: "12345"), Route("447", "b")), "447700900123"));

    [Fact]
    public void Among_equal_prefixes_account_and_sender_beat_account_beats_sender_beats_none()
    {
        RouteSettings[] routes = [Route("44", "a"), Route("44", "b", sender: "12345"), Route("44", "c", account: "demo"), Route("44", "d", "demo", "12345")];

        Assert.Equal("d", Resolve(Table(routes), "447700900123"));
        Assert.Equal("c", Resolve(Table(routes), "447700900123", sender: "ACME"));
        Assert.Equal("b", Resolve(Table(routes), "447700900123", account: "acme"));
        Assert.Equal("a", Resolve(Table(routes), "447700900123", account: "acme", sender: "ACME"));
    }

    [Fact]
    public void Disabled_routes_and_carriers_are_not_there()
    {
        var table = Table([Documents.Carrier("a", enabled: false), Documents.Carrier("b")], Route("44", "ab"), Route("447", "b") with { Enabled = false }, Route("4477", "a"));

        // 4477 has no enabled carrier left and is passed over, 447 is disabled, 44 has lost its first carrier.
        Assert.Equal("b", Resolve(table, "447700900123"));
    }

    [Fact]
    public void Nothing_that_matches_is_an_answer() =>
        Assert.Equal(RouteKind.NoRoute, Table(Route("44", "a")).Resolve("demo", "12025550100", "12345", null).Kind);

    [Fact]
    public void A_carrier_asked_for_is_trusted_with_and_without_a_route()
    {
        var table = Table(Route("44", "ab"));

        Assert.Equal("b", Resolve(table, "447700900123", asked: "b"));
        Assert.Equal("c", Resolve(table, "12025550100", asked: "c"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("off")]
    [InlineData("")]
    public void A_carrier_asked_for_that_is_unknown_or_disabled_is_an_answer(string asked)
    {
        var table = Table([Documents.Carrier("a"), Documents.Carrier("off", enabled: false)], Route("", "a"));

        Assert.Equal(new RouteAnswer(RouteKind.UnknownCarrier, null), table.Resolve("demo", "447700900123", "12345", asked));
    }

    [Fact]
    public void The_price_is_that_of_the_route_that_won_also_for_a_carrier_asked_for()
    {
        var table = Table(Route("44", "a") with { Price = 0.02m, Cost = 0.01m, Currency = "EUR" }, Route("", "ab") with { Price = 0.05m, Cost = 0.03m, Currency = "USD" });

        Assert.Equal((0.02m, 0.01m, "EUR"), Price(table.Resolve("demo", "447700900123", "12345", null)));
        Assert.Equal((0.05m, 0.03m, "USD"), Price(table.Resolve("demo", "447700900123", "12345", "b")));
        Assert.Equal((0m, 0m, null), Price(table.Resolve("demo", "447700900123", "12345", "c")));
    }

    private static (decimal, decimal, string?) Price(RouteAnswer answer) => (answer.Route!.Price, answer.Route.Cost, answer.Route.Currency);

    private static RouteSettings Route(string prefix, string carriers, string? account = null, string? sender = null) =>
        new() { Prefix = prefix, Carriers = [.. carriers.Select(c => c.ToString())], Account = account, Sender = sender };

    private static RouteTable Table(params RouteSettings[] routes) => Table([.. "abcd".Select(c => Documents.Carrier(c.ToString()))], routes);

    private static RouteTable Table(CarrierSettings[] carriers, params RouteSettings[] routes) =>
        new(new ConfigurationDocument { Carriers = carriers, Routes = routes });

    private static string Resolve(RouteTable table, string destination, string account = "demo", string sender = "12345", string? asked = null)
    {
        var answer = table.Resolve(account, destination, sender, asked);
        Assert.True(answer.Found);
        return string.Concat(answer.Route.Connectors);
    }
}
