using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmsGateway.Host.Admin;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Security;
using SmsGateway.Host.Tests.Operations;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Admin;

/// <summary>The admin listener and, beside it, a listener of customers, as Program puts them together.</summary>
internal sealed class AdminBench : IAsyncDisposable
{
    public const string AdminKey = "admin-key-of-tests";
    public const string OperatorKey = "operator-key-of-tests";
    public const string ViewerKey = "viewer-key-of-tests";

    private readonly WebApplication _app;

    private AdminBench(WebApplication app, HttpClient admin, HttpClient customers) => (_app, Admin, Customers) = (app, admin, customers);

    public HttpClient Admin { get; }

    public HttpClient Customers { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<AdminBench> StartAsync(string connectionString, string name = "smsc1.dc3", string site = "dc3", TimeProvider? time = null, string? hold = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(
        [
            new("Ledger:ConnectionString", connectionString), new("Ledger:RequireDurability", "false"), new("Admin:Address", "127.0.0.1:0"),
            new("Admin:HealthCache", "00:00:00"), new("Admin:HealthTimeout", "00:00:30"), new("Node:Name", name), new("Node:Site", site), new("Hold:Enabled", hold is null ? "false" : "true"), new("Hold:Directory", hold ?? "hold"),
            new("Ledger:LeaseValidFor", "00:10:00"), new("Ledger:LeaseDeadAfter", "00:20:00"), // nothing renews it here
        ]);
        builder.AddOperations();
        builder.Services.AddSingleton(_ => Figures.OfTheirOwn());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(time ?? TimeProvider.System).AddLedger(name, site).AddSingleton<ConfigurationState>().AddSingleton<ApiKeyCheck>().AddHold().AddFlow();
        foreach (var loop in builder.Services.Where(service => service.ServiceType == typeof(Microsoft.Extensions.Hosting.IHostedService)).ToList())
        {
            if (loop.ImplementationType?.Namespace?.StartsWith("SmsGateway", StringComparison.Ordinal) is true || loop.ImplementationFactory is not null)
            {
                builder.Services.Remove(loop); // the flow stands still
            }
        }

        builder.AddAdmin();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        app.MapAdmin();
        app.MapGet("/admin/v1/shadow", () => "from the customers' side").ExcludeFromDescription();
        app.MapFallback(context => context.Response.WriteAsync("customers"));
        app.Services.GetRequiredService<ConfigurationState>().Swap(Snapshot());
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToList();
        return new AdminBench(app, new HttpClient { BaseAddress = addresses[0] }, new HttpClient { BaseAddress = addresses[1] });
    }

    /// <summary>A database of this build's schema.</summary>
    public static async Task<string> MigratedAsync()
    {
        var cluster = await PostgresCluster.SharedAsync();
        return await cluster.CopyTemplateAsync("migrated", database => LedgerMigrator.MigrateAsync(database, TimeProvider.System, CancellationToken.None));
    }

    public async Task<(int Status, JsonElement Body)> GetAsync(string path, string? key = ViewerKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        using var response = await Admin.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length > 0 ? JsonSerializer.Deserialize<JsonElement>(text) : default);
    }

    public async Task<(int Status, JsonElement Body)> PutAsync(string path, string body, string key = OperatorKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = new StringContent(body) };
        request.Headers.Add("X-Api-Key", key);
        using var response = await Admin.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length > 0 ? JsonSerializer.Deserialize<JsonElement>(text) : default);
    }

    public async Task<(int Status, JsonElement Body)> PostAsync(string path, string body, string key = OperatorKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        request.Headers.Add("X-Api-Key", key);
        using var response = await Admin.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length > 0 ? JsonSerializer.Deserialize<JsonElement>(text) : default);
    }

    /// <summary>One pass of the lease: renews when it is time, tells what is news, reads all nodes.</summary>
    public Task LookAsync() => Services.GetRequiredService<LeaseLoop>().PassAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        Customers.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static ConfigurationSnapshot Snapshot() => new(3, "hash-3", new ConfigurationDocument
    {
        Accounts =
        [
            new AccountSettings
            {
                Name = "demo", Senders = ["12345"], CallbackUrl = new Uri("https://user:pw@example.org/cb?token=secret"), CallbackSecret = "s3cret",
                Credentials = [new CredentialSettings { Name = "main", PasswordHash = "pbkdf2-sha256$1$AA==$AA==" }],
            },
        ],
        Carriers = [new CarrierSettings { Name = "carrier-a", Host = "127.0.9.1", SystemId = "smsgw", Password = "hidden-password", Sites = ["dc3"] }],
        ApiKeys =
        [
            new ApiKeySettings { Name = "a", Role = ApiRole.Admin, KeyHash = ApiKeyHash.Create(AdminKey) },
            new ApiKeySettings { Name = "night-shift", Role = ApiRole.Operator, KeyHash = ApiKeyHash.Create(OperatorKey) },
            new ApiKeySettings { Name = "v", Role = ApiRole.Viewer, KeyHash = ApiKeyHash.Create(ViewerKey) },
        ],
    });
}
