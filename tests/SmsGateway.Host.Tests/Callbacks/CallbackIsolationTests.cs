using SmsGateway.Host.Callbacks;
using SmsGateway.Host.Configuration;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Callbacks;

public sealed class CallbackIsolationTests
{
    private static AccountSettings Account(Uri url, string name = "demo") => new() { Name = name, CallbackUrl = url };

    [Fact]
    public async Task Slow_accounts_cannot_take_the_last_slot_from_the_others()
    {
        var release = new TaskCompletionSource();
        await using var slow = await CallbackSite.StartAsync();
        slow.Answer = _ => release.Task;
        await using var quick = await CallbackSite.StartAsync();
        await using var bench = new CallbackBench(new CallbackOptions { AllowPrivateTargets = true, ConcurrencyPerAccount = 4, SharedConcurrency = 2 });
        bench.Configure(Account(slow.Url, "slow1"), Account(slow.Url, "slow2"), Account(quick.Url, "quick"));
        await bench.StartAsync();

        for (var i = 0; i < 50; i++)
        {
            bench.Give(bench.Receipt("slow1"));
            bench.Give(bench.Receipt("slow2"));
        }

        await Eventually.TrueAsync(() => slow.InFlight == 4, "two free slots and two shared ones at the slow site");
        for (var i = 0; i < 200; i++)
        {
            bench.Give(bench.Receipt("quick"));
        }

        Assert.All(await bench.ReportsAsync(200), report => Assert.Equal("quick", report.Delivery.Account));
        Assert.Equal(4, slow.InFlight);
        release.SetResult();
        await bench.ReportsAsync(300);
    }

    [Fact]
    public async Task One_account_never_has_more_requests_in_flight_than_it_may()
    {
        var release = new TaskCompletionSource();
        await using var site = await CallbackSite.StartAsync();
        var most = 0;
        site.Answer = _ =>
        {
            var now = Volatile.Read(ref site.InFlight);
            InterlockedMax(ref most, now);
            return release.Task;
        };
        await using var bench = new CallbackBench(new CallbackOptions { AllowPrivateTargets = true, ConcurrencyPerAccount = 3 });
        bench.Configure(Account(site.Url));
        await bench.StartAsync();
        for (var i = 0; i < 30; i++)
        {
            bench.Give(bench.Receipt());
        }

        await Eventually.TrueAsync(() => site.InFlight == 3, "three in flight");
        release.SetResult();
        await bench.ReportsAsync(30);
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task After_consecutive_failures_one_probe_at_a_time_goes_out_until_one_succeeds()
    {
        await using var site = await CallbackSite.StartAsync();
        var status = 500;
        site.Answer = context =>
        {
            context.Response.StatusCode = Volatile.Read(ref status);
            return Task.CompletedTask;
        };
        await using var bench = new CallbackBench(new CallbackOptions { AllowPrivateTargets = true, ConcurrencyPerAccount = 1, BreakAfterFailures = 5 });
        bench.Configure(Account(site.Url));
        await bench.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            bench.Give(bench.Receipt());
        }

        // The sixth worker loop waits for the circuit and holds its delivery.
        Assert.All(await bench.ReportsAsync(5), report => Assert.Equal("retry", report.Outcome));
        await bench.Time.TimersAsync(1);
        Assert.Equal(5, site.Requests.Count);

        bench.Time.Advance(TimeSpan.FromSeconds(5));
        await ReportsWithTimeAsync(bench, 6);
        await bench.Time.TimersAsync(1);
        Assert.Equal(6, site.Requests.Count); // one probe, which failed

        bench.Time.Advance(TimeSpan.FromSeconds(9));
        await bench.Time.TimersAsync(1);
        Assert.Equal(6, site.Requests.Count); // the second pause is longer
        Volatile.Write(ref status, 200);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await ReportsWithTimeAsync(bench, 20);
        Assert.Equal(14, (await bench.ReportsAsync(20)).Count(report => report.Outcome == "acknowledged"));
    }

    [Fact]
    public async Task While_an_account_is_spared_its_expired_deliveries_are_parked()
    {
        await using var site = await CallbackSite.StartAsync();
        site.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await using var bench = new CallbackBench(new CallbackOptions { AllowPrivateTargets = true, ConcurrencyPerAccount = 1, BreakAfterFailures = 2 });
        bench.Configure(Account(site.Url));
        await bench.StartAsync();
        bench.Give(bench.Receipt());
        bench.Give(bench.Receipt());
        await bench.ReportsAsync(2);

        bench.Give(bench.Receipt() with { CreatedAt = bench.Time.GetUtcNow() - TimeSpan.FromHours(73) });
        Assert.Equal("parked", (await bench.ReportsAsync(3))[2].Outcome);
        Assert.Equal(2, site.Requests.Count);
    }

    [Fact]
    public async Task A_spared_delivery_is_not_offered_any_more_when_the_node_may_not_push()
    {
        await using var site = await CallbackSite.StartAsync();
        site.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await using var bench = new CallbackBench(new CallbackOptions { AllowPrivateTargets = true, ConcurrencyPerAccount = 1, BreakAfterFailures = 2 });
        bench.Configure(Account(site.Url));
        await bench.StartAsync();
        bench.Give(bench.Receipt());
        bench.Give(bench.Receipt());
        await bench.ReportsAsync(2);
        bench.Give(bench.Receipt());
        await bench.Time.TimersAsync(1); // in the hand of a worker that waits for the circuit

        bench.Keeps = false;
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(() => bench.GivenBack == 1, "it went back");
        Assert.Equal((2, 2), (site.Requests.Count, bench.Reports.Count));
    }

    [Fact]
    public async Task A_stop_takes_nothing_new_and_waits_for_the_answer_under_way()
    {
        var release = new TaskCompletionSource();
        await using var site = await CallbackSite.StartAsync();
        site.Answer = _ => release.Task;
        await using var bench = new CallbackBench(new CallbackOptions { AllowPrivateTargets = true, ConcurrencyPerAccount = 1 });
        bench.Configure(Account(site.Url));
        await bench.StartAsync();
        bench.Give(bench.Receipt());
        bench.Give(bench.Receipt());
        await Eventually.TrueAsync(() => site.InFlight == 1, "one in flight");

        var stopping = bench.StopAsync();
        Assert.False(stopping.IsCompleted);
        release.SetResult();
        await stopping;

        Assert.Equal("acknowledged", Assert.Single(bench.Reports).Outcome);
        Assert.Single(site.Requests);
    }

    [Fact]
    public async Task A_stop_whose_time_is_up_breaks_off_and_reports_nothing()
    {
        await using var site = await CallbackSite.StartAsync();
        site.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        await using var bench = new CallbackBench();
        bench.Configure(Account(site.Url));
        await bench.StartAsync();
        bench.Give(bench.Receipt());
        await Eventually.TrueAsync(() => site.InFlight == 1, "one in flight");

        using var timeUp = new CancellationTokenSource();
        var stopping = bench.StopAsync(timeUp.Token);
        Assert.False(stopping.IsCompleted);
        await timeUp.CancelAsync();
        await stopping;
        Assert.Empty(bench.Reports);
    }

    [Fact]
    public async Task Connections_are_kept_alive()
    {
        await using var site = await CallbackSite.StartAsync();
        await using var bench = new CallbackBench(new CallbackOptions { AllowPrivateTargets = true, ConcurrencyPerAccount = 2 });
        bench.Configure(Account(site.Url));
        await bench.StartAsync();
        for (var i = 0; i < 300; i++)
        {
            bench.Give(bench.Receipt());
        }

        await bench.ReportsAsync(300);
        Assert.InRange(site.Requests.Select(request => request.Connection).Distinct().Count(), 1, 2);
    }

    // A worker that was slow to set its timer waits a little longer than the circuit. Read in this order, so that no time passes after the last report.
    private static Task ReportsWithTimeAsync(CallbackBench bench, int count) => Eventually.TrueAsync(
        () =>
        {
            var due = bench.Time.NextDue;
            if (bench.Reports.Count >= count)
            {
                return true;
            }

            if (due <= TimeSpan.FromSeconds(2))
            {
                bench.Time.Advance(due.Value);
            }

            return false;
        },
        $"{count} reports");

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
