using Npgsql;
using SmsGateway.TestKit;

namespace SmsGateway.EndToEnd.Tests.Kit;

public sealed class PostgresClusterTests
{
    [Fact]
    public async Task Each_database_is_new_and_a_template_is_filled_once()
    {
        var cluster = await PostgresCluster.SharedAsync();
        var filled = 0;
        Task<object?> Fill(string connectionString)
        {
            filled++;
            return ScalarAsync(connectionString, "CREATE TABLE t AS SELECT 7 AS n");
        }
        var first = await cluster.CopyTemplateAsync("seven", Fill);
        await ScalarAsync(first, "UPDATE t SET n = 8");
        var second = await cluster.CopyTemplateAsync("seven", Fill);
        Assert.Equal(1, filled);
        Assert.Equal(7, await ScalarAsync(second, "SELECT n FROM t"));
        Assert.Equal(0L, await ScalarAsync(await cluster.CreateDatabaseAsync(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Fact]
    public async Task A_killed_server_comes_back_on_its_port_with_what_was_committed()
    {
        await using var cluster = await PostgresCluster.StartAsync(PostgresOptions.Durable with
        {
            Settings = new Dictionary<string, string> { ["work_mem"] = "5MB" },
        });
        var database = await cluster.CreateDatabaseAsync() + ";Pooling=false";
        await ScalarAsync(database, "CREATE TABLE t AS SELECT 7 AS n");
        await cluster.KillAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(database, "SELECT 1"));
        await cluster.RestartAsync();
        Assert.Equal(7, await ScalarAsync(database, "SELECT n FROM t"));
        Assert.Equal("5MB", await ScalarAsync(database, "SHOW work_mem"));
        Assert.Equal("on", await ScalarAsync(database, "SHOW fsync"));
        await cluster.StopAsync();
        await cluster.RestartAsync();
        Assert.Equal(7, await ScalarAsync(database, "SELECT n FROM t"));
    }

    [Fact]
    public async Task A_frozen_server_answers_only_after_the_thaw()
    {
        await using var cluster = await PostgresCluster.StartAsync();
        await using var connection = new NpgsqlConnection(cluster.ConnectionString);
        await connection.OpenAsync();
        cluster.Freeze();
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        var answer = command.ExecuteScalarAsync();
        await Eventually.TrueAsync(() => Signals.Children(cluster.ProcessId!.Value).Count > 0, "backends exist while frozen");
        Assert.False(answer.IsCompleted);
        cluster.Thaw();
        Assert.Equal(1, await answer.WaitAsync(Eventually.DefaultTimeout));
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
