using System.Data;
using Npgsql;

namespace SmsGateway.Ledger;

// Runs hot transactions: one pipelined NpgsqlBatch, implicit transaction, one round trip. No command timeout and no
// cancellation: a connection that falls silent is abandoned, because a cancelled wait for a standby makes COMMIT say
// success for a row that is on one machine. Any notice is that case too: unknown, the connection is dropped.
internal sealed class HotTransactions(LedgerConnections connections, LedgerOptions options, TimeProvider time)
{
    /// <summary>Connections given up and still silent, at all servers.</summary>
    public int Abandoned => connections.Abandoned;

    /// <summary>Runs one transaction.</summary>
    /// <param name="fill">Adds the statements.</param>
    /// <param name="read">Reads the results into something new: it may still run after the transaction was abandoned.</param>
    /// <exception cref="UnknownOutcomeException">It may or may not have been committed.</exception>
    public async Task<T> RunAsync<T>(Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, Task<T>> read)
    {
        var server = await connections.PrimaryAsync(CancellationToken.None);
        if (server.Abandoned >= options.MaxAbandoned)
        {
            connections.Doubt(server);
            throw new LedgerUnavailableException("Too many silent connections to the ledger.");
        }

        var replaced = server.Replaced;
        var fate = new Fate(server);
        var run = RunOnceAsync(server, fill, read, fate);
        try
        {
            return await run.WaitAsync(options.AbandonAfter, time, replaced);
        }
        catch (TimeoutException) when (!run.IsCompleted && fate.Abandon())
        {
            connections.Doubt(server);
            throw new UnknownOutcomeException($"The ledger was silent for {options.AbandonAfter.TotalSeconds:0.#} s.");
        }
        catch (OperationCanceledException) when (replaced.IsCancellationRequested)
        {
            // Its answer may have come at that very moment; else nobody waits for one of a server that is not the primary any more.
            return fate.Abandon() ? throw new UnknownOutcomeException($"The ledger's primary is another server now; {server.Name} had not answered.") : await run;
        }
        catch (PostgresException e) when (e.SqlState == LedgerFailures.Fenced)
        {
            throw LedgerFailures.Translate(e);
        }
        catch (Exception e) when (LedgerFailures.IsOfServer(e))
        {
            connections.Doubt(server);
            throw;
        }
    }

    private static async Task<T> RunOnceAsync<T>(LedgerServer server, Action<NpgsqlBatch> fill, Func<NpgsqlDataReader, Task<T>> read, Fate fate)
    {
        NpgsqlConnection? connection = null;
        string? notice = null;
        var clean = false;
        try
        {
            connection = await server.Hot.OpenConnectionAsync(CancellationToken.None);
            connection.Notice += (_, e) => notice ??= $"{e.Notice.Severity} {e.Notice.SqlState}";
            T result;
            await using (var batch = connection.CreateBatch())
            {
                batch.Timeout = 0;
                fill(batch);
                await using var reader = await batch.ExecuteReaderAsync();
                result = await read(reader);

                // COMMIT happens after the last result was sent: only the end of the whole answer is its success.
                while (await reader.NextResultAsync())
                {
                }

                await reader.CloseAsync();
            }

#if DRILL
            notice = Mutant.Is("commit-warning-ignored") ? null : notice;
#endif
            clean = notice is null;
            return clean ? result : throw new UnknownOutcomeException($"The ledger gave a notice with its answer ({notice}).");
        }
        catch (PostgresException) when (notice is null)
        {
            // Rolled back and in step. Only the driver is not: a statement that was refused in the very use that prepared
            // it passes for one without rows from then on (Npgsql 10.0.0), and the next user's rows break the connection.
            // The driver has no asynchronous form; the server has just answered, and silence is still abandoned above.
            if (connection?.FullState == ConnectionState.Open)
            {
                connection.UnprepareAll();
            }

            clean = true;
            throw;
        }
        finally
        {
            var abandoned = !fate.Finish();
            if (connection is not null)
            {
                if (!clean || abandoned)
                {
                    server.Hot.Clear();
                }

                await connection.DisposeAsync();
            }

            if (abandoned)
            {
                server.AbandonedEnded();
            }
        }
    }

    // Whether the transaction ended before it was given up, or after: one of the two, decided once.
    private sealed class Fate(LedgerServer server)
    {
        private int _decided;

        public bool Abandon()
        {
            // Counted before it is decided: its end, which may come at once, takes it off again.
            server.Abandon();
            if (Interlocked.CompareExchange(ref _decided, 1, 0) == 0)
            {
                return true;
            }

            server.AbandonedEnded();
            return false;
        }

        public bool Finish() => Interlocked.CompareExchange(ref _decided, 2, 0) == 0;
    }
}
