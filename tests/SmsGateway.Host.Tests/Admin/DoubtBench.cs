using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Admin;

// Two nodes of one ledger and attempts that the first has open.
internal sealed class DoubtBench : IAsyncDisposable
{
    public const string Bind = "carrier-a@smsc1.dc3#1";

    private DoubtBench(string ledger, AdminBench dc3, AdminBench bos) => (Ledger, Dc3, Bos) = (ledger, dc3, bos);

    public string Ledger { get; }

    public AdminBench Dc3 { get; }

    public AdminBench Bos { get; }

    /// <param name="hold">Where the first node holds; null = not at all.</param>
    public static async Task<DoubtBench> StartAsync(string? hold = null)
    {
        var ledger = await AdminBench.MigratedAsync();
        return new DoubtBench(ledger, await StartedAsync(ledger, "smsc1.dc3", "dc3", hold), await StartedAsync(ledger, "smsc1.bos", "bos"));
    }

    /// <summary>The first node leaves: what it has open is in doubt.</summary>
    public Task LeaveAsync() => Dc3.Services.GetRequiredService<NodeLedger>().LeaveAsync(CancellationToken.None);

    /// <summary>As if epochs had ended so long ago.</summary>
    public Task AgoAsync(int seconds) => SqlAsync($"UPDATE node SET epoch_since = epoch_since - interval '{seconds} seconds'");

    public async Task SqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Ledger);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A policy for the carrier of the bench.</summary>
    public static void Policy(AdminBench bench, CarrierDoubt doubt)
    {
        var state = bench.Services.GetRequiredService<ConfigurationState>();
        var document = state.Current.Document;
        state.Swap(new ConfigurationSnapshot(4, "hash-4", document with { Carriers = [document.Carriers[0] with { Doubt = doubt }] }));
    }

    /// <returns>The message's id.</returns>
    public async Task<string> OpenAsync(Priority priority = Priority.Interactive, TimeSpan? validity = null, string account = "demo", string? bind = Bind, TimeSpan? ago = null)
    {
        var clientMessageId = Guid.NewGuid().ToString("n");
        var at = TimeProvider.System.GetUtcNow() - (ago ?? TimeSpan.FromMinutes(1));
        var keys = await Dc3.Services.GetRequiredService<NodeLedger>().ReadKeysAsync(CancellationToken.None);
        var entry = new NewEntry
        {
            Id = keys.ForClientMessageId(account, clientMessageId),
            Keyed = true,
            ContentHash = Guid.NewGuid(),
            Account = account,
            Protocol = Protocol.Http,
            ClientMessageId = clientMessageId,
            Sender = "12345",
            Destination = "447700900123",
            Route = ["carrier-a"],
            Priority = priority,
            Registered = RegisteredReceipts.All,
            DataCoding = 0,
            Payloads = [[.. "text"u8]],
            AcceptedAt = at,
            ValidUntil = at + (validity ?? TimeSpan.FromDays(1)),
            FirstAttempt = bind is null ? null : new FirstAttempt("carrier-a", bind),
        };
        Assert.Equal(VerdictKind.Claimed, (await Dc3.Services.GetRequiredService<ClaimLedger>().ClaimAsync(entry, CancellationToken.None)).Kind);
        return new MessageId(entry.Id).ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await Dc3.DisposeAsync();
        await Bos.DisposeAsync();
    }

    private static async Task<AdminBench> StartedAsync(string ledger, string name, string site, string? hold = null)
    {
        var bench = await AdminBench.StartAsync(ledger, name, site, hold: hold);
        await bench.Services.GetRequiredService<NodeLedger>().RegisterAsync("1.2.3", CancellationToken.None);
        await bench.LookAsync();
        return bench;
    }
}
