using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using SmsGateway.Host.Callbacks;
using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Callbacks;

public sealed class CallbackPushTests
{
    private static AccountSettings Account(Uri? url, string name = "demo", string? secret = null) => new() { Name = name, CallbackUrl = url, CallbackSecret = secret };

    [Fact]
    public async Task A_receipt_is_posted_with_exactly_the_fields_of_the_specification()
    {
        await using var site = await CallbackSite.StartAsync();
        await using var bench = new CallbackBench();
        bench.Configure(Account(site.Url));
        await bench.StartAsync();

        bench.Give(bench.Receipt() with { AppId = "a b&c", ConversationId = "ü", ResultCode = 1, State = ReceiptState.Undeliverable });
        var report = Assert.Single(await bench.ReportsAsync(1));

        Assert.Equal("acknowledged", report.Outcome);
        Assert.Equal(site.Url.Authority, report.Target);
        var request = Assert.Single(site.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal("/callback", request.Path);
        Assert.Equal("application/x-www-form-urlencoded; charset=utf-8", request.ContentType);
        Assert.Equal("type=receipt&message_id=my-1&message_state=5&result_code=1&app_id=a+b%26c&conversation_id=%C3%BC", request.Body);
        Assert.Null(request.Signature);
    }

    [Fact]
    public async Task What_the_customer_did_not_give_is_absent_and_our_id_stands_in_for_a_missing_one()
    {
        await using var site = await CallbackSite.StartAsync();
        await using var bench = new CallbackBench();
        bench.Configure(Account(site.Url));
        await bench.StartAsync();

        var receipt = bench.Receipt(clientId: null);
        bench.Give(receipt);
        await bench.ReportsAsync(1);

        Assert.Equal($"type=receipt&message_id={receipt.MessageId}&message_state=2&result_code=0", Assert.Single(site.Requests).Body);
    }

    [Fact]
    public async Task What_failed_three_times_in_the_gateway_itself_is_parked_and_the_customers_refusals_before_do_not_count()
    {
        await using var bench = new CallbackBench();
        bench.Configure(Account(new Uri("ftp://127.0.0.1/"))); // no request can be made to it
        await bench.StartAsync();
        var refused = bench.Receipt(offers: 5);

        for (short failed = 0; failed < 3; failed++)
        {
            bench.Give(refused with { Offers = (short)(refused.Offers + failed) });
            await bench.ReportsAsync(failed + 1);
        }

        Assert.Equal(["retry", "retry", "parked"], bench.Reports.Select(report => report.Outcome));
    }

    [Fact]
    public async Task A_signed_callback_proves_its_body_and_its_time()
    {
        await using var site = await CallbackSite.StartAsync();
        await using var bench = new CallbackBench();
        bench.Configure(Account(site.Url, secret: "s3cret"));
        await bench.StartAsync();

        bench.Give(bench.Receipt());
        await bench.ReportsAsync(1);

        var request = Assert.Single(site.Requests);
        var time = bench.Time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes("s3cret"), Encoding.UTF8.GetBytes($"{time}.{request.Body}")));
        Assert.Equal($"t={time},v1={expected}", request.Signature);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Anything_but_2XX_is_offered_again_with_the_same_ids(int status)
    {
        await using var elsewhere = await CallbackSite.StartAsync();
        await using var site = await CallbackSite.StartAsync();
        site.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = elsewhere.Url.ToString();
            return Task.CompletedTask;
        };
        await using var bench = new CallbackBench();
        bench.Configure(Account(site.Url));
        await bench.StartAsync();

        var receipt = bench.Receipt(offers: 2);
        bench.Give(receipt);
        var report = Assert.Single(await bench.ReportsAsync(1));

        Assert.Equal("retry", report.Outcome);
        Assert.Equal($"status {status}", report.Reason);
        Assert.Equal(receipt.Id, report.Delivery.Id);
        Assert.Equal(bench.Time.GetUtcNow() + TimeSpan.FromSeconds(20), report.Due); // third offer: 5, 10, 20
        Assert.Empty(elsewhere.Requests);

        site.Answer = null;
        bench.Give(report.Delivery with { Offers = 3 });
        Assert.Equal("acknowledged", (await bench.ReportsAsync(2))[1].Outcome);
        var bodies = site.Requests.Select(request => request.Body).ToList();
        Assert.Equal(2, bodies.Count);
        Assert.Equal(bodies[0], bodies[1]);
    }

    [Theory]
    [InlineData(204)]
    [InlineData(299)]
    public async Task Any_2XX_ends_it(int status)
    {
        await using var site = await CallbackSite.StartAsync();
        site.Answer = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        await using var bench = new CallbackBench();
        bench.Configure(Account(site.Url));
        await bench.StartAsync();
        bench.Give(bench.Receipt());
        Assert.Equal("acknowledged", Assert.Single(await bench.ReportsAsync(1)).Outcome);
    }

    [Fact]
    public async Task A_delivery_whose_time_is_up_is_parked_with_the_last_reason()
    {
        await using var site = await CallbackSite.StartAsync();
        site.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await using var bench = new CallbackBench();
        bench.Configure(Account(site.Url));
        await bench.StartAsync();

        bench.Give(bench.Receipt() with { CreatedAt = bench.Time.GetUtcNow() - TimeSpan.FromHours(72) });
        var report = Assert.Single(await bench.ReportsAsync(1));

        Assert.Equal("parked", report.Outcome);
        Assert.Contains("status 500", report.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_counts_as_none()
    {
        await using var site = await CallbackSite.StartAsync();
        site.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var bench = new CallbackBench();
        bench.Configure(Account(site.Url));
        await bench.StartAsync();

        bench.Give(bench.Receipt());
        await Eventually.TrueAsync(() => site.InFlight == 1, "the request at the site");
        bench.Time.Advance(TimeSpan.FromSeconds(10));

        var report = Assert.Single(await bench.ReportsAsync(1));
        Assert.Equal("retry", report.Outcome);
        Assert.Equal("no answer in time", report.Reason);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task A_private_target_is_refused_before_any_connection(string host)
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        await using var bench = new CallbackBench(new CallbackOptions());
        bench.Configure(Account(new Uri($"http://{host}:{port}/")));
        await bench.StartAsync();

        bench.Give(bench.Receipt());
        var report = Assert.Single(await bench.ReportsAsync(1));

        Assert.Equal("retry", report.Outcome);
        Assert.Contains("Callbacks:AllowPrivateTargets", report.Reason, StringComparison.Ordinal);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task An_account_without_a_URL_gets_no_lane_and_one_that_loses_its_URL_sends_back_what_it_still_gets()
    {
        await using var site = await CallbackSite.StartAsync();
        await using var bench = new CallbackBench();
        bench.Configure(Account(site.Url), Account(null, "acme"));
        await bench.StartAsync();
        await Eventually.TrueAsync(() => bench.Open.TryGetValue("demo", out var open) && open, "demo open");
        Assert.DoesNotContain("acme", bench.Open.Keys);

        bench.Configure(Account(null), Account(null, "acme"));
        await Eventually.TrueAsync(() => !bench.Open["demo"], "demo closed");
        bench.Give(bench.Receipt());
        Assert.Equal("retry", Assert.Single(await bench.ReportsAsync(1)).Outcome);
        Assert.Empty(site.Requests);
    }

    [Fact]
    public async Task A_new_URL_is_used_from_the_next_delivery_on()
    {
        await using var first = await CallbackSite.StartAsync();
        await using var second = await CallbackSite.StartAsync();
        await using var bench = new CallbackBench();
        bench.Configure(Account(first.Url));
        await bench.StartAsync();
        bench.Give(bench.Receipt());
        await bench.ReportsAsync(1);

        bench.Configure(Account(second.Url));
        bench.Give(bench.Receipt());
        Assert.Equal(second.Url.Authority, (await bench.ReportsAsync(2))[1].Target);
        Assert.Single(first.Requests);
    }
}
