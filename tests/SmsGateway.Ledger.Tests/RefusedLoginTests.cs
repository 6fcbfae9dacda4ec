using Npgsql;
using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

// A login that is refused while a node runs (a password being changed, a server being set up anew) is an outage: nothing is thrown away for it and
// nothing ends.
public sealed class RefusedLoginTests : IAsyncLifetime
{
    private readonly string _role = "r" + Guid.NewGuid().ToString("N")[..12];
    private PostgresCluster _cluster = null!;
    private LedgerUnderTest _ledger = null!;

    public async Task InitializeAsync()
    {
        _cluster = await PostgresCluster.SharedAsync();
        var database = await LedgerUnderTest.DatabaseAsync();
        await _cluster.ExecuteAsync($"CREATE ROLE {_role} LOGIN SUPERUSER");
        _ledger = await LedgerUnderTest.StartAsync(new NpgsqlConnectionStringBuilder(database) { Username = _role, Password = null }.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _ledger.DisposeAsync();
        await _cluster.ExecuteAsync($"DROP ROLE {_role}");
    }

    [Fact]
    public async Task A_claim_waits_for_the_login_to_be_allowed_again()
    {
        await RefuseAsync();
        var error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => _ledger.Nodes.RenewAsync(new NodeReport(null, null, null), CancellationToken.None));
        Assert.Equal("28000", Assert.IsType<PostgresException>(error.InnerException).SqlState);
        var claim = _ledger.Claims.ClaimAsync(Make.Entry(_ledger, Make.Id()), CancellationToken.None).AsTask();
        await AllowAsync();
        Assert.Equal(VerdictKind.Claimed, (await claim).Kind);
    }

    [Fact]
    public async Task The_configuration_is_followed_on()
    {
        await using var versions = _ledger.Configuration.WatchAsync(0, CancellationToken.None).GetAsyncEnumerator();
        await _ledger.Configuration.ApplyAsync("{}", "1", "test", null, onlyIfEmpty: false, CancellationToken.None);
        Assert.True(await versions.MoveNextAsync());
        await RefuseAsync();
        var next = versions.MoveNextAsync().AsTask();
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => _ledger.Configuration.LatestAsync(CancellationToken.None));
        await AllowAsync();
        var second = await _ledger.Configuration.ApplyAsync("{}", "2", "test", null, onlyIfEmpty: false, CancellationToken.None);
        Assert.True(await next);
        Assert.Equal(second, versions.Current.Version);
    }

    private async Task RefuseAsync()
    {
        await _cluster.ExecuteAsync($"ALTER ROLE {_role} NOLOGIN");
        await _cluster.ExecuteAsync($"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = '{_role}'");

        // The driver notices a connection that was closed only when it uses it.
        _ledger.Connections.Hot.Clear();
        _ledger.Connections.Cold.Clear();
    }

    private Task AllowAsync() => _cluster.ExecuteAsync($"ALTER ROLE {_role} LOGIN");
}
