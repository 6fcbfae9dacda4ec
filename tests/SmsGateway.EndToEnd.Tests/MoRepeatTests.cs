using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.EndToEnd.Tests;

/// <summary>A handset that texts the same twice, and a carrier that repeats itself, told apart over real sockets.</summary>
public sealed class MoRepeatTests(TwoSites sites) : IClassFixture<TwoSites>
{
    private readonly GatewayTopology _gateway = sites.Gateway;

    [Fact]
    public async Task A_handset_that_texts_YES_twice_is_two_MOs_and_a_carrier_that_repeats_itself_after_a_lost_answer_is_one()
    {
        // demo's number; its MOs go to the sink.
        await SendAsync("447700900801", drop: false);
        await SendAsync("447700900801", drop: false);

        // The evidence is final 10 s after the first one's answer, if its bind lives until then: so the carrier's turn is afterwards.
        await Eventually.TrueAsync(async () => await CountAsync("447700900801") == 2, "both YES of the handset are at the customer");

        await SendAsync("447700900802", drop: true);
        await SendAsync("447700900802", drop: false);
        await Eventually.TrueAsync(
            async () => (await _gateway.AdminAsync("parked")).GetRawText().Contains("mo_suppressed", StringComparison.Ordinal), "the carrier's repeat is listed");
        await Eventually.TrueAsync(async () => await CountAsync("447700900802") > 0, "the first is at the customer");
        Assert.Equal(1, await CountAsync("447700900802"));
    }

    private async Task SendAsync(string source, bool drop)
    {
        var answer = await _gateway.OrderAsync(_gateway.CarrierA, "/mo", new { source, destination = "12345", text = "YES", drop });
        Assert.True(answer.GetProperty("acknowledged").GetBoolean(), answer.GetRawText());
    }

    private async Task<int> CountAsync(string source) => (await _gateway.ReceivedAsync("")).Count(received => received.GetRawText().Contains(source, StringComparison.Ordinal));
}
