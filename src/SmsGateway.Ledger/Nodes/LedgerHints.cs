using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace SmsGateway.Ledger;

/// <summary>What a hint is about.</summary>
public enum HintKind : byte
{
    /// <summary>Segments were handed to the node.</summary>
    Queue = 1,

    /// <summary>Deliveries were handed to the node.</summary>
    Outbox = 2,

    /// <summary>A node's reach or mode changed: look at the directory.</summary>
    Directory = 3,

    /// <summary>The connection was made anew: anything may have been missed.</summary>
    All = 4,
}

/// <summary>
/// Hints between nodes by NOTIFY: they only make faster what a poll each second finds anyway. Told outside of any transaction that
/// writes (the lock of NOTIFY is held through a wait for the standby); listened to on a connection of its own.
/// </summary>
public sealed class LedgerHints
{
    private const string Channel = "smsgateway_hint";
    private static readonly TimeSpan Reconnect = TimeSpan.FromSeconds(1);

    private readonly LedgerCore _core;

    internal LedgerHints(LedgerCore core) => _core = core;

    /// <summary>Tells nodes; the caller coalesces.</summary>
    /// <param name="hints">Each node once per kind; node 0 = every node.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LedgerUnavailableException">Out of reach: nothing is lost by it.</exception>
    public Task TellAsync(IReadOnlyCollection<(short Node, HintKind Kind)> hints, CancellationToken cancellationToken) => LedgerCore.TranslatedAsync(async () =>
    {
        var payloads = hints.Select(h => string.Create(CultureInfo.InvariantCulture, $"{h.Node} {(byte)h.Kind}")).ToArray();
        var server = await _core.Connections.PrimaryAsync(cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(server.Replaced, cancellationToken);
        await using var command = server.Cold.CreateCommand("SELECT pg_notify($1, payload) FROM unnest($2) AS payload");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Channel });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = payloads });
        return await command.ExecuteNonQueryAsync(either.Token);
    });

    /// <summary>Yields what this node is told. Goes on through outages of the ledger, with <see cref="HintKind.All"/> after each; ends with the token.</summary>
    public async IAsyncEnumerable<HintKind> ListenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var told = new Queue<HintKind>();
        NpgsqlConnection? connection = null;
        var replaced = CancellationToken.None;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    if (connection is null)
                    {
                        (connection, replaced) = await OpenAsync(told, cancellationToken);
                        told.Enqueue(HintKind.All);
                    }
                    else
                    {
                        using var either = CancellationTokenSource.CreateLinkedTokenSource(replaced, cancellationToken);
                        await connection.WaitAsync(either.Token);
                    }
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    break;
                }
                catch (Exception e) when (e is not OutOfMemoryException) // a login refused during a failover must not end the hints for good
                {
                    LedgerLog.HintsOutOfReach(_core.Loggers.CreateLogger<LedgerHints>(), e.Message);
                    await CloseAsync(connection);
                    connection = null;
                    await Task.Delay(Reconnect, _core.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                while (told.TryDequeue(out var kind))
                {
                    yield return kind;
                }
            }
        }
        finally
        {
            await CloseAsync(connection);
        }
    }

    private static ValueTask CloseAsync(NpgsqlConnection? connection) => connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<(NpgsqlConnection Connection, CancellationToken Replaced)> OpenAsync(Queue<HintKind> told, CancellationToken cancellationToken) =>
        await _core.Connections.ListenAsync(
            Channel,
            payload =>
            {
                if (payload.Split(' ') is [var node, var kind] && (node == "0" || (_core.Node.IsRegistered && node == _core.Node.Current.Node.ToString(CultureInfo.InvariantCulture))) &&
                    byte.TryParse(kind, CultureInfo.InvariantCulture, out var number) && Enum.IsDefined((HintKind)number))
                {
                    told.Enqueue((HintKind)number);
                }
            },
            cancellationToken);
}
