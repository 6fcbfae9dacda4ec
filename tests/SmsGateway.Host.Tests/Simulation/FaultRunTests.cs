using System.Diagnostics;
using SmsGateway.Load.Faults;
using SmsGateway.Load.Machine;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Simulation;

// Faults done to real processes that mean nothing to anybody.
public sealed class FaultRunTests : IAsyncDisposable
{
    private readonly ProcessUnderTest _victim = ProcessUnderTest.Start("bash", ["-c", "sleep 600 & echo up; wait"]);

    [Fact]
    public async Task A_stop_freezes_a_process_with_its_children_and_they_go_on_afterwards()
    {
        await _victim.WaitForLineAsync("up");
        int child = Assert.Single(Signals.Children(_victim.Id));
        List<int> stopped = ProcessTable.StopTree(_victim.Id);
        Assert.Equal([_victim.Id, child], stopped);
        await Eventually.TrueAsync(() => State(_victim.Id) == 'T' && State(child) == 'T', "both are stopped");
        stopped.ForEach(pid => ProcessTable.Send(pid, ProcessTable.SigContinue));
        await Eventually.TrueAsync(() => State(_victim.Id) == 'S' && State(child) == 'S', "both go on");
    }

    [Fact]
    public async Task A_killed_process_is_gone_before_the_restart_command_runs_and_the_command_gets_its_name()
    {
        await _victim.WaitForLineAsync("up");
        string proof = Path.GetTempFileName();
        try
        {
            using FaultRun faults = Plan("kill:a@0", $"grep -q '^State:.Z' /proc/{_victim.Id}/status || ! kill -0 {_victim.Id} && echo {{node}} > {proof}");
            await faults.RunAsync(Stopwatch.GetTimestamp(), CancellationToken.None, CancellationToken.None);
            Fault fault = Assert.Single(faults.Done);
            Assert.Null(fault.Trouble);
            Assert.NotNull(fault.GoneSeconds);
            Assert.NotNull(fault.RestartSeconds);
            Assert.Equal("a", (await File.ReadAllTextAsync(proof)).Trim());
        }
        finally
        {
            File.Delete(proof);
        }
    }

    [Fact]
    public async Task A_restart_that_fails_is_trouble_and_ends_the_faults()
    {
        await _victim.WaitForLineAsync("up");
        using FaultRun faults = Plan("kill:a@0x2", "exit 3");
        await faults.RunAsync(Stopwatch.GetTimestamp(), CancellationToken.None, CancellationToken.None);
        Assert.Contains("exit code 3", Assert.Single(faults.Done).Trouble, StringComparison.Ordinal);
        Assert.Equal(2, faults.Planned);
    }

    [Fact]
    public async Task A_fault_under_way_is_healed_when_no_more_are_wanted()
    {
        await _victim.WaitForLineAsync("up");
        using var noMore = new CancellationTokenSource();
        using FaultRun faults = Plan("stop5:a@0x2", null);
        Task running = faults.RunAsync(Stopwatch.GetTimestamp(), noMore.Token, CancellationToken.None);
        await Eventually.TrueAsync(() => State(_victim.Id) == 'T', "it is stopped");
        await noMore.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Single(faults.Done);
        await Eventually.TrueAsync(() => State(_victim.Id) == 'S', "it goes on");
    }

    public async ValueTask DisposeAsync() => await _victim.DisposeAsync();

    private static char? State(int pid) => ProcessTable.Snapshot().TryGetValue(pid, out ProcessLine line) ? line.State : null;

    private FaultRun Plan(string rule, string? restart) => new(
        new FaultPlan(FaultSchedule.Of([FaultRule.Parse(rule)], 1), new Dictionary<string, Victim> { ["a"] = new("a", $"{_victim.Id}", 0, null) }, restart, TimeSpan.Zero),
        TimeProvider.System);
}
