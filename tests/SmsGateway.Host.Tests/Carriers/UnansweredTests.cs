using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Carriers;

// A carrier that never answers one submit_sm and goes on answering the others; and outcomes that cannot be committed.
public sealed class UnansweredTests
{
    private const string First = "carrier-a@smsc1.dc3#1";

    [Fact]
    public async Task A_submit_that_is_never_answered_comes_into_doubt_because_its_bind_is_made_anew()
    {
        await using var bench = await CarrierBench.StartAsync(("ResponseTimeout", "00:00:02"), ("UnansweredLimit", "00:00:08"), ("TcpUserTimeout", "00:00:01"));
        bench.Smsc.Script = (_, _) => null;
        await bench.ConfigureAsync();
        var lost = await bench.HandInAsync(1);
        await Eventually.TrueAsync(() => bench.Smsc.Submits.Count == 1, "it is at the carrier");
        bench.Smsc.Script = (_, _) => bench.Smsc.Ok();
        await bench.HandInAsync(20);
        await bench.CountedAsync(20, "attempt_end", "kind = 1 AND bind = '" + First + "'");

        await Eventually.TrueAsync(() => bench.Smsc.BindRequests.Count == 2 && bench.Link.Live, "the bind is made anew");
        await Eventually.TrueAsync(async () => (await DoubtsAsync(bench)).Count > 0, "its socket has drained");
        var doubt = Assert.Single(await DoubtsAsync(bench));
        Assert.Equal((lost[0].Id, First), (doubt.Key.Segment.Id, doubt.Bind));
        await bench.HandInAsync(1);
        await bench.CountedAsync(21, "attempt_end", "kind = 1");
        Assert.Equal((1, 22, 2), (await bench.CountAsync("attempt"), bench.Smsc.Submits.Count, bench.Smsc.BindRequests.Count));
    }

    [Fact]
    public async Task What_the_bind_still_owes_an_answer_is_awaited()
    {
        await using var bench = await CarrierBench.StartAsync(("ResponseTimeout", "00:00:15"), ("UnansweredLimit", "00:00:01"));
        bench.Smsc.Script = (_, _) => null;
        await bench.ConfigureAsync();
        await bench.HandInAsync(1);
        await Eventually.TrueAsync(() => bench.Smsc.Unanswered.TryDequeue(out _), "it is at the carrier");
        await PassedAsync(TimeSpan.FromSeconds(8)); // the second one is overdue so much later
        await bench.HandInAsync(1);
        await Eventually.TrueAsync(() => !bench.Link.Live, "the bind takes nothing more");
        Assert.Single(bench.Smsc.Unanswered);
        Assert.Single(bench.Smsc.BindRequests);
        bench.Smsc.AnswerAll();
        await Eventually.TrueAsync(() => bench.Smsc.BindRequests.Count == 2, "the bind is made anew");
        await bench.CountedAsync(1, "attempt_end", "kind = 1");
        Assert.Equal(1, await bench.CountAsync("attempt"));
    }

    [Fact]
    public async Task An_answer_that_is_merely_late_leaves_the_bind_alone()
    {
        await using var bench = await CarrierBench.StartAsync(("ResponseTimeout", "00:00:02"), ("UnansweredLimit", "00:00:10"));
        bench.Smsc.Script = (_, _) => null;
        await bench.ConfigureAsync();
        await bench.HandInAsync(1);
        await Eventually.TrueAsync(() => bench.Smsc.Unanswered.Count == 1, "it is at the carrier");
        await PassedAsync(TimeSpan.FromSeconds(4));
        bench.Smsc.AnswerAll();
        await bench.CountedAsync(1, "attempt_end", "kind = 1");
        await PassedAsync(TimeSpan.FromSeconds(11));
        Assert.Single(bench.Smsc.BindRequests);
        Assert.Equal(0, await bench.CountAsync("attempt"));
    }

    [Fact]
    public async Task A_bind_has_ends_to_tell_until_the_ledger_has_them()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Smsc.Script = (_, _) => null;
        await bench.ConfigureAsync();
        await bench.HandInAsync(3);
        await Eventually.TrueAsync(() => bench.Smsc.Unanswered.Count == 3, "three submits are at the carrier");
        var ends = bench.Get<UntoldEnds>();
        Assert.Empty(ends.Binds);
        await using (await bench.LockedAsync("attempt_end"))
        {
            bench.Smsc.AnswerAll();
            await Eventually.TrueAsync(() => ends.Has(First) && bench.Connectors.Statuses.Single().Uncommitted == 3, "three answers wait for their commit");
            bench.Smsc.DropAll();
            await Eventually.TrueAsync(() => bench.Smsc.BindRequests.Count == 2 && bench.Link.Live, "the bind is another one");
            Assert.False(bench.Binds.Contains(First));
            Assert.Equal([First], ends.Binds);
        }

        await bench.CountedAsync(3, "attempt_end", "kind = 1");
        await Eventually.TrueAsync(() => ends.Binds.Count == 0, "all is told");
    }

    private static Task PassedAsync(TimeSpan some)
    {
        var since = TimeProvider.System.GetTimestamp();
        return Eventually.TrueAsync(() => TimeProvider.System.GetElapsedTime(since) > some, "some time has passed");
    }

    private static Task<IReadOnlyList<Doubt>> DoubtsAsync(CarrierBench bench) => bench.Get<DoubtLedger>().ToDecideAsync(
        new DoubtQuery(bench.Get<NodeIdentity>().FirstEpoch, [.. bench.Get<LingeringBinds>().Names], [(CarrierBench.Carrier, Priority.Bulk)], 100),
        CancellationToken.None);
}
