using System.Globalization;
using Npgsql;

namespace SmsGateway.Ledger;

/// <summary>The process's connections to the ledger: hot ones with their plan settings and checks, and ordinary ones for reads and maintenance.</summary>
public sealed class LedgerConnections : IAsyncDisposable
{
    // The hot statements join unnested arrays to indexes. A generic plan made on empty tables must still be right when
    // they are full, so the other ways to join are switched off, and nothing is planned twice.
    private const string HotSettings =
        "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off -c plan_cache_mode=force_generic_plan " +
        "-c idle_in_transaction_session_timeout=2s -c tcp_user_timeout=10s";

    private readonly ServerCheck _check;

    /// <summary>Creates the pools; nothing is opened yet.</summary>
    public LedgerConnections(LedgerOptions options, NodeIdentity node)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(node);
        _check = new ServerCheck(options.RequireDurability);
        Hot = Create(options, node.Name, HotSettings, options.Lanes * 6 + 16, checkServer: true);
        Cold = Create(options, node.Name, "-c statement_timeout=60s -c tcp_user_timeout=10s", 16, checkServer: false);
    }

    /// <summary>For hot transactions: checked server, command timeout 0, prepared statements, generic plans.</summary>
    internal NpgsqlDataSource Hot { get; }

    /// <summary>For everything that an operator or a timer asks.</summary>
    internal NpgsqlDataSource Cold { get; }

    /// <summary>Closes the pools.</summary>
    public async ValueTask DisposeAsync()
    {
        await Hot.DisposeAsync();
        await Cold.DisposeAsync();
    }

    private NpgsqlDataSource Create(LedgerOptions options, string node, string settings, int most, bool checkServer)
    {
        var text = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            ApplicationName = "smsgateway/" + node,
            TcpKeepAlive = true,
            TcpKeepAliveTime = 5,
            TcpKeepAliveInterval = 2,
            Timeout = 5,
            MaxPoolSize = most,
            IncludeErrorDetail = false,
        };
        text.Options = string.IsNullOrEmpty(text.Options) ? settings : string.Create(CultureInfo.InvariantCulture, $"{text.Options} {settings}");
        if (checkServer)
        {
            text.CommandTimeout = 0;
            text.MaxAutoPrepare = 100;
            text.AutoPrepareMinUsages = 2;
            text.NoResetOnClose = true;
        }

        var builder = new NpgsqlDataSourceBuilder(text.ConnectionString);
        if (checkServer)
        {
            builder.UsePhysicalConnectionInitializer(
                _ => throw new NotSupportedException("The ledger is used asynchronously only."), _check.RunAsync);
        }

        return text.Host?.Contains(',', StringComparison.Ordinal) == true
            ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary)
            : builder.Build();
    }
}
