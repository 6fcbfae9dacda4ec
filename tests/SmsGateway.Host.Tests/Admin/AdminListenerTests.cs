using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Tests.Admin;

public sealed class AdminListenerTests
{
    private static Task<AdminBench> StartAsync() => AdminBench.StartAsync("Host=127.0.0.1;Port=1");

    [Fact]
    public async Task The_admin_listener_answers_admin_only_and_the_others_never()
    {
        await using var bench = await StartAsync();
        Assert.Equal("customers", await bench.Customers.GetStringAsync("/metrics"));
        Assert.Equal("customers", await bench.Customers.GetStringAsync("/admin/v1/binds"));
        Assert.Equal("from the customers' side", await bench.Customers.GetStringAsync("/admin/v1/shadow"));
        Assert.Equal(404, (await bench.GetAsync("/admin/v1/shadow")).Status);
        Assert.Equal(404, (await bench.GetAsync("/httpapi/receiver", AdminBench.AdminKey)).Status);
        Assert.Equal(200, (await bench.GetAsync("/health/live", key: null)).Status);
    }

    [Theory]
    [InlineData("nodes")]
    [InlineData("binds")]
    [InlineData("carriers")]
    [InlineData("accounts")]
    [InlineData("messages/maaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("messages?account=demo&message_id=x")]
    [InlineData("sites")]
    [InlineData("audit")]
    [InlineData("doubts")]
    [InlineData("parked?limit=broken")]
    public async Task Every_path_wants_a_key_before_anything_else(string path)
    {
        await using var bench = await StartAsync();
        var (status, problem) = await bench.GetAsync("/admin/v1/" + path, key: null);
        Assert.Equal(401, status);
        Assert.Equal("The header X-Api-Key is missing.", problem.GetProperty("detail").GetString());
        Assert.Equal(401, (await bench.GetAsync("/admin/v1/" + path, "a wrong key of some length")).Status);
    }

    [Fact]
    public async Task Binds_are_listed_by_name_with_their_windows()
    {
        await using var bench = await StartAsync();
        var directory = bench.Services.GetRequiredService<BindDirectory>();
        using var bind = directory.Add(new BindListing
        {
            Name = "carrier-a@smsc1.dc3#1",
            Side = BindSide.Carrier,
            Party = "carrier-a",
            Type = "TRX",
            Remote = "127.0.9.1:2775",
            Since = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            Window = 100,
            Outstanding = () => 42,
            IncomingOutstanding = () => 1,
        });

        var (status, binds) = await bench.GetAsync("/admin/v1/binds");
        Assert.Equal(200, status);
        Assert.Equal(
            """[{"name":"carrier-a@smsc1.dc3#1","side":"carrier","party":"carrier-a","type":"TRX","remote":"127.0.9.1:2775","since":"2026-01-01T00:00:00+00:00","window":100,"outstanding":42,"incoming_outstanding":1}]""",
            binds.GetRawText());
        var carrier = Assert.Single((await bench.GetAsync("/admin/v1/carriers")).Body.EnumerateArray());
        Assert.True(carrier.GetProperty("connects_from_here").GetBoolean());
        Assert.Equal("transceiver", carrier.GetProperty("bind_type").GetString());
        Assert.Equal("carrier-a@smsc1.dc3#1", carrier.GetProperty("binds")[0].GetProperty("name").GetString());
        Assert.DoesNotContain("hidden-password", carrier.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_show_no_secret()
    {
        await using var bench = await StartAsync();
        var account = Assert.Single((await bench.GetAsync("/admin/v1/accounts", AdminBench.AdminKey)).Body.EnumerateArray());
        Assert.Equal("demo", account.GetProperty("name").GetString());
        Assert.Equal("https://example.org/cb", account.GetProperty("callback_url").GetString());
        Assert.True(account.GetProperty("callback_signed").GetBoolean());
        Assert.Equal("BULK", account.GetProperty("default_priority").GetString());
        var text = account.GetRawText();
        Assert.DoesNotContain("pbkdf2", text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("token", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_answered_with_a_problem()
    {
        await using var bench = await StartAsync();
        Assert.Equal(400, (await bench.GetAsync("/admin/v1/messages/12345")).Status);
        Assert.Equal(400, (await bench.GetAsync("/admin/v1/messages?account=demo")).Status);
        var (status, problem) = await bench.GetAsync("/admin/v1/parked?limit=many");
        Assert.Equal(400, status);
        Assert.Equal(400, problem.GetProperty("status").GetInt32());
        Assert.Equal(404, (await bench.GetAsync("/admin/v2/nodes")).Body.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task The_figures_of_the_node_are_on_the_metrics_page()
    {
        await using var bench = await StartAsync();
        using var response = await bench.Admin.GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var page = await response.Content.ReadAsStringAsync();
        Assert.Contains("\nsmsgateway_segments_in_memory 0\n", page, StringComparison.Ordinal);
        Assert.Contains("\nkestrel_active_connections{", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_OpenAPI_document_names_every_path_the_key_and_the_words_of_enums()
    {
        await using var bench = await StartAsync();
        var (status, document) = await bench.GetAsync("/swagger/v1/swagger.json", key: null);
        Assert.Equal(200, status);
        var paths = document.GetProperty("paths");
        Assert.Equal(
            ["/admin/v1/accounts", "/admin/v1/audit", "/admin/v1/binds", "/admin/v1/carriers", "/admin/v1/doubts", "/admin/v1/doubts/decide", "/admin/v1/hold", "/admin/v1/messages",
                "/admin/v1/messages/{id}",
                "/admin/v1/nodes", "/admin/v1/nodes/{name}/mode", "/admin/v1/parked", "/admin/v1/parked/discard", "/admin/v1/parked/redrive", "/admin/v1/sites", "/admin/v1/sites/{site}/mode", "/health/live", "/health/ready"],
            paths.EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
        var scheme = document.GetProperty("components").GetProperty("securitySchemes").GetProperty("ApiKey");
        Assert.Equal("apiKey", scheme.GetProperty("type").GetString());
        Assert.Equal("X-Api-Key", scheme.GetProperty("name").GetString());
        Assert.Equal("header", scheme.GetProperty("in").GetString());
        var schemas = document.GetProperty("components").GetProperty("schemas");
        Assert.Equal(["epoch_gone", "bind_gone", "restored"], Words(schemas, "DoubtCause"));
        Assert.Equal(["BULK_LOW", "BULK", "INTERACTIVE_LOW", "INTERACTIVE"], Words(schemas, "Priority"));
        Assert.Contains("undeliverable", Words(schemas, "MtState"));
        Assert.Contains("carrier_message_id", schemas.GetProperty("AttemptView").GetProperty("properties").EnumerateObject().Select(property => property.Name));

        using var page = await bench.Admin.GetAsync(new Uri("/swagger/index.html", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    private static IEnumerable<string?> Words(JsonElement schemas, string name) =>
        schemas.GetProperty(name).GetProperty("enum").EnumerateArray().Select(word => word.GetString());
}
