using System.Collections.Concurrent;
using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class LedgerHintsTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private LedgerUnderTest _a = null!;
    private LedgerUnderTest _b = null!;

    public async Task InitializeAsync()
    {
        var database = await LedgerUnderTest.DatabaseAsync();
        _a = await LedgerUnderTest.StartAsync(database, "a", _time);
        _b = await LedgerUnderTest.StartAsync(database, "b", _time);
    }

    public async Task DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task A_hint_is_heard_by_the_node_it_is_for_and_by_none_else_and_one_for_node_0_by_all()
    {
        await using var atA = await Listener.StartAsync(_a);
        await using var atB = await Listener.StartAsync(_b);
        await _a.Hints.TellAsync([(_b.Node.Current.Node, HintKind.Queue), (_b.Node.Current.Node, HintKind.Outbox)], CancellationToken.None);
        await _b.Hints.TellAsync([(_a.Node.Current.Node, HintKind.Outbox)], CancellationToken.None);
        await _b.Hints.TellAsync([(0, HintKind.Directory)], CancellationToken.None);
        await atA.HeardAsync(HintKind.All, HintKind.Outbox, HintKind.Directory);
        await atB.HeardAsync(HintKind.All, HintKind.Queue, HintKind.Outbox, HintKind.Directory);
    }

    [Fact]
    public async Task What_another_version_tells_is_passed_over()
    {
        await using var atA = await Listener.StartAsync(_a);
        foreach (var odd in (string[])["", "0", "0 99", "x 1", "0 1 2", "0 Queue"])
        {
            await _b.ExecuteAsync($"SELECT pg_notify('smsgateway_hint', '{odd}')");
        }

        await _b.Hints.TellAsync([(0, HintKind.Queue)], CancellationToken.None);
        await atA.HeardAsync(HintKind.All, HintKind.Queue);
    }

    [Fact]
    public async Task After_its_connection_was_lost_a_node_hears_that_it_may_have_missed_anything()
    {
        await using var atA = await Listener.StartAsync(_a);
        await _b.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'smsgateway/a' AND datname = current_database() AND query LIKE 'LISTEN%'");
        await _b.Hints.TellAsync([(0, HintKind.Queue)], CancellationToken.None);
        await _time.TimerWithinAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        await atA.HeardAsync(HintKind.All, HintKind.All);
        await _b.Hints.TellAsync([(0, HintKind.Directory)], CancellationToken.None);
        await atA.HeardAsync(HintKind.All, HintKind.All, HintKind.Directory);
    }

    [Fact]
    public async Task A_node_that_is_not_registered_yet_hears_what_is_for_all()
    {
        await using var unregistered = LedgerUnderTest.Over(_a.ConnectionString, node: "new", time: _time);
        await using var listener = await Listener.StartAsync(unregistered);
        await _a.Hints.TellAsync([(_a.Node.Current.Node, HintKind.Queue), (0, HintKind.Directory)], CancellationToken.None);
        await listener.HeardAsync(HintKind.All, HintKind.Directory);
    }

    // A loop that ends with its token, and what it heard.
    private sealed class Listener : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentQueue<HintKind> _heard = new();
        private readonly Task _listening;

        private Listener(LedgerUnderTest ledger) => _listening = Task.Run(async () =>
        {
            await foreach (var kind in ledger.Hints.ListenAsync(_stop.Token))
            {
                _heard.Enqueue(kind);
            }
        });

        public static async Task<Listener> StartAsync(LedgerUnderTest ledger)
        {
            var listener = new Listener(ledger);
            await listener.HeardAsync(HintKind.All);
            return listener;
        }

        public async Task HeardAsync(params HintKind[] expected)
        {
            await Eventually.TrueAsync(() => _heard.Count >= expected.Length || _listening.IsCompleted, $"{expected.Length} hints are heard");
            Assert.Equal(expected, _heard);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _listening;
            _stop.Dispose();
        }
    }
}
