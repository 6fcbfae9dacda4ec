using System.Globalization;
using Npgsql;

namespace SmsGateway.Ledger;

// One server of the ledger as this process uses it: its pools, what is silent there, and whether it is still the one in use.
internal sealed class LedgerServer : IAsyncDisposable
{
    // The hot statements join unnested arrays to indexes. A generic plan made on empty tables must still be right when
    // they are full, so the other ways to join are switched off, and nothing is planned twice.
    private const string HotSettings =
        "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off -c plan_cache_mode=force_generic_plan " +
        "-c idle_in_transaction_session_timeout=2s -c tcp_user_timeout=10s";

    private readonly NpgsqlDataSource _probe;
    private volatile CancellationTokenSource _replaced = new();
    private int _abandoned;

    /// <param name="text">The connection string of this one server.</param>
    /// <param name="hotConnections">Most connections for hot transactions.</param>
    /// <param name="check">Shared by the servers: what one of them showed counts for all.</param>
    public LedgerServer(NpgsqlConnectionStringBuilder text, int hotConnections, ServerCheck check)
    {
        Name = text.Host!;
        Hot = Create(text, HotSettings, hotConnections, check);
        Cold = Create(text, "-c statement_timeout=60s -c tcp_user_timeout=10s", 16, null);
        _probe = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(text.ConnectionString)
        {
            Pooling = false,
            Timeout = PrimarySearch.AnswerWithin,
            CommandTimeout = PrimarySearch.AnswerWithin,
            CancellationTimeout = -1,
        });
    }

    /// <summary>As the connection string has it: host, or host:port.</summary>
    public string Name { get; }

    /// <summary>For hot transactions: checked server, command timeout 0, prepared statements, generic plans.</summary>
    public NpgsqlDataSource Hot { get; }

    /// <summary>For everything that an operator or a timer asks.</summary>
    public NpgsqlDataSource Cold { get; }

    /// <summary>Connections given up and still silent. Counted for each server: those at a frozen old primary say nothing about the new one.</summary>
    public int Abandoned => Volatile.Read(ref _abandoned);

    /// <summary>Cancelled when another server takes its place: whoever waits for an answer of this one need not wait any longer.</summary>
    public CancellationToken Replaced => _replaced.Token;

    public void Abandon() => Interlocked.Increment(ref _abandoned);

    public void AbandonedEnded() => Interlocked.Decrement(ref _abandoned);

    /// <summary>A connection outside of the pools: an idle one in a pool proves nothing.</summary>
    public ValueTask<NpgsqlConnection> ProbeAsync(CancellationToken cancellationToken) => _probe.OpenConnectionAsync(cancellationToken);

    /// <summary>It is the one in use from here on.</summary>
    public void Take() => _replaced = new CancellationTokenSource();

    /// <summary>Another one is in use from here on: idle connections are closed, those in use when they end.</summary>
    public async Task LeaveAsync()
    {
        await _replaced.CancelAsync();
        Hot.Clear();
        Cold.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await Hot.DisposeAsync();
        await Cold.DisposeAsync();
        await _probe.DisposeAsync();
        _replaced.Dispose();
    }

    private static NpgsqlDataSource Create(NpgsqlConnectionStringBuilder of, string settings, int most, ServerCheck? check)
    {
        var text = new NpgsqlConnectionStringBuilder(of.ConnectionString)
        {
            TcpKeepAlive = true,
            TcpKeepAliveTime = 5,
            TcpKeepAliveInterval = 2,
            Timeout = 5,
            MaxPoolSize = most,
        };
        text.Options = string.IsNullOrEmpty(text.Options) ? settings : string.Create(CultureInfo.InvariantCulture, $"{text.Options} {settings}");
        if (check is not null)
        {
            text.CommandTimeout = 0;
            text.MaxAutoPrepare = 100;
            text.AutoPrepareMinUsages = 2;
            text.NoResetOnClose = true;
        }

        var builder = new NpgsqlDataSourceBuilder(text.ConnectionString);
        if (check is not null)
        {
            builder.UsePhysicalConnectionInitializer(
                _ => throw new NotSupportedException("The ledger is used asynchronously only."), connection => check.RunAsync(connection, CancellationToken.None));
        }

        return builder.Build();
    }
}
