using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace SmsGateway.Ledger;

/// <summary>
/// The process's connections to the ledger: hot ones with their plan settings and checks, and ordinary ones for reads and maintenance. Several
/// hosts in the connection string are one ledger of which one server is the primary; it is followed from one to the next.
/// </summary>
public sealed class LedgerConnections : IAsyncDisposable
{
    private readonly LedgerServer[] _servers;
    private readonly PrimarySearch _search;

    /// <summary>Creates the pools; nothing is opened yet.</summary>
    public LedgerConnections(LedgerOptions options, NodeIdentity node, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(node);
        var check = new ServerCheck(options.RequireDurability);
        _servers = [.. LedgerHosts.Each(options.ConnectionString).Select(text =>
        {
            text.ApplicationName = "smsgateway/" + node.Name;
            text.IncludeErrorDetail = false;
            return new LedgerServer(text, (options.Lanes * 6) + 16, check);
        })];
        _search = new PrimarySearch(_servers, check, time ?? TimeProvider.System, (loggers ?? NullLoggerFactory.Instance).CreateLogger<LedgerConnections>());
    }

    /// <summary>Connections given up and still silent, at all servers.</summary>
    internal int Abandoned => _servers.Sum(server => server.Abandoned);

    /// <summary>Hot connections to the primary, as far as known: nothing is looked for.</summary>
    internal NpgsqlDataSource Hot => _search.Current.Hot;

    /// <summary>Ordinary connections to the primary, as far as known: nothing is looked for.</summary>
    internal NpgsqlDataSource Cold => _search.Current.Cold;

    /// <summary>Closes the pools.</summary>
    public async ValueTask DisposeAsync()
    {
        await _search.EndAsync();
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>The primary; looked for first when there is reason to doubt it.</summary>
    /// <exception cref="LedgerUnavailableException">None of the servers is one now.</exception>
    internal ValueTask<LedgerServer> PrimaryAsync(CancellationToken cancellationToken) => _search.PrimaryAsync(cancellationToken);

    /// <summary>Ordinary connections to the primary, looked for as in <see cref="PrimaryAsync"/>.</summary>
    internal async ValueTask<NpgsqlDataSource> ColdAsync(CancellationToken cancellationToken) => (await PrimaryAsync(cancellationToken)).Cold;

    /// <summary>An ordinary connection to the primary.</summary>
    internal async ValueTask<NpgsqlConnection> OpenColdAsync(CancellationToken cancellationToken) =>
        await (await PrimaryAsync(cancellationToken)).Cold.OpenConnectionAsync(cancellationToken);

    /// <summary>
    /// An ordinary connection to the primary that listens to a channel, and a token that ends when another server takes its place: nothing would
    /// be heard from the old one, and no error either.
    /// </summary>
    internal async ValueTask<(NpgsqlConnection Connection, CancellationToken Replaced)> ListenAsync(
        string channel, Action<string>? told, CancellationToken cancellationToken)
    {
        var server = await PrimaryAsync(cancellationToken);
        var replaced = server.Replaced;
        var connection = await server.Cold.OpenConnectionAsync(cancellationToken);
        try
        {
            if (told is not null)
            {
                connection.Notification += (_, e) => told(e.Payload);
            }

            await using var command = new NpgsqlCommand("LISTEN " + channel, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return (connection, replaced);
        }
        catch
        {
            // A standby refuses LISTEN and keeps the connection: not given back, each try would take one from the pool for good.
            await connection.DisposeAsync();
            Doubt(server);
            throw;
        }
    }

    /// <summary>A server failed or was silent: whoever wants the primary next looks for it first.</summary>
    internal void Doubt(LedgerServer server) => _search.Doubt(server);

    /// <summary>The primary was silent.</summary>
    internal void Doubt() => _search.Doubt(_search.Current);
}
