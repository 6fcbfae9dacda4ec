using Microsoft.Extensions.Logging;

namespace SmsGateway.Ledger;

// Which of the ledger's servers is the primary. Npgsql's own way (several hosts in one pool) asks them one after the other, on the path of every
// transaction: a first host that is frozen or cut off costs its whole connect timeout again and again, long after another one was promoted, and what
// it takes a host for is kept for 10 s. Here all are asked at once, once for everybody, and only when something gave reason to: a failed or silent
// transaction. Between the first doubt and the answer nothing is sent to a server that may be gone.
internal sealed class PrimarySearch
{
    /// <summary>Seconds that a server has for each of connecting and answering; one that is slower is not found this time.</summary>
    public const int AnswerWithin = 2;

    // Between two searches, whatever came of the first.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // Once one says that it is the primary, for another with a newer timeline to say so too.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);

    // How often the servers are asked in the first search of a process, while one of them is silent: on a machine where everything starts at once an answer
    // may take longer than it may later, and a node that has nothing else to start from would end.
    private const int FirstTries = 3;

    private readonly LedgerServer[] _servers;
    private readonly ServerCheck _check;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private volatile LedgerServer _current;
    private volatile bool _inDoubt;
    private int _doubts;
    private Task<LedgerServer>? _search;
    private long _searchedAt;
    private string? _foundNone;
    private bool _everFound;

    public PrimarySearch(LedgerServer[] servers, ServerCheck check, TimeProvider time, ILogger logger)
    {
        (_servers, _check, _time, _logger) = (servers, check, time, logger);
        _current = servers[0];
        _inDoubt = servers.Length > 1;
        _searchedAt = time.GetTimestamp() - (long)(Pause.TotalSeconds * time.TimestampFrequency) - 1;
    }

    /// <summary>The primary, as far as known.</summary>
    public LedgerServer Current => _current;

    /// <summary>The primary; looked for first when there is reason to doubt it.</summary>
    /// <exception cref="LedgerUnavailableException">None of the servers is one now.</exception>
    public ValueTask<LedgerServer> PrimaryAsync(CancellationToken cancellationToken) =>
        _inDoubt ? new ValueTask<LedgerServer>(Search().WaitAsync(cancellationToken)) : new ValueTask<LedgerServer>(_current);

    /// <summary>A server failed or was silent: the next transaction looks first. One server has nobody to look for.</summary>
    public void Doubt(LedgerServer server)
    {
        if (_servers.Length > 1 && server == _current)
        {
            lock (_gate)
            {
                _doubts++;
                _inDoubt = true;
            }
        }
    }

    /// <summary>Waits for a search that is under way.</summary>
    public async Task EndAsync()
    {
        Task search;
        lock (_gate)
        {
            search = _search ?? Task.CompletedTask;
        }

        await search.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task<LedgerServer> Search()
    {
        lock (_gate)
        {
            if (_search is { IsCompleted: false })
            {
                return _search;
            }

            if (_time.GetElapsedTime(_searchedAt) < Pause)
            {
                return _foundNone is { } why ? Task.FromException<LedgerServer>(new LedgerUnavailableException(why)) : Task.FromResult(_current);
            }

            return _search = Task.Run(SearchAsync);
        }
    }

    private async Task<LedgerServer> SearchAsync()
    {
        int doubts;
        lock (_gate)
        {
            doubts = _doubts;
        }

        var (found, why, isSilent) = await AskAllAsync();
        for (var tries = 1; found is null && isSilent && !_everFound && tries < FirstTries; tries++)
        {
            (found, why, isSilent) = await AskAllAsync();
        }

        _everFound |= found is not null;
        var isOther = found is not null && found != _current;
        if (isOther)
        {
            var left = _current;
            found!.Take();
            _current = found;
            LedgerLog.PrimaryFound(_logger, found.Name, left.Name);
            await left.LeaveAsync();
        }

        lock (_gate)
        {
            _searchedAt = _time.GetTimestamp();
            _foundNone = found is null ? why : null;

            // Doubts that came meanwhile were about the server that was left, or ask for another search.
            _inDoubt = found is null || (!isOther && _doubts != doubts);
        }

        return found ?? throw new LedgerUnavailableException(why);
    }

    private async Task<(LedgerServer? Found, string Why, bool IsSilent)> AskAllAsync()
    {
        using var enough = new CancellationTokenSource();
        var asked = _servers.Select(server => AskAsync(server, enough.Token)).ToList();
        var open = asked.ToList();
        Answer? best = null;
        while (open.Count > 0)
        {
            var next = await Task.WhenAny(open);
            open.Remove(next);
            var answer = await next;
            if (answer.Timeline is not null)
            {
                if (best is null)
                {
                    enough.CancelAfter(Grace);
                }

                best = best is null || string.CompareOrdinal(answer.Timeline, best.Timeline) > 0 ? answer : best;
            }
        }

        var answers = await Task.WhenAll(asked);
        return (
            best?.Server,
            $"None of the ledger's servers is a primary that can be used: {string.Join("; ", answers.Select(a => $"{a.Server.Name}: {a.Problem}"))}",
            answers.Any(a => a.IsSilent));
    }

    private async Task<Answer> AskAsync(LedgerServer server, CancellationToken enough)
    {
        try
        {
            await using var connection = await server.ProbeAsync(enough);
            return new Answer(server, await _check.RunAsync(connection, enough), null);
        }
        catch (Exception e) when (e is not OutOfMemoryException) // whatever is wrong with it: it is not the primary, and the reason is told
        {
            return new Answer(server, null, e.Message, e is TimeoutException || e.InnerException is TimeoutException);
        }
    }

    private sealed record Answer(LedgerServer Server, string? Timeline, string? Problem, bool IsSilent = false);
}
