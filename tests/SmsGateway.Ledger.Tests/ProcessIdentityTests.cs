using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void This_process_runs()
    {
        Assert.NotNull(ProcessIdentity.Mine);
        Assert.False(ProcessIdentity.HasEnded(ProcessIdentity.Mine));
    }

    [Fact]
    public async Task Another_process_runs_until_it_is_killed_also_while_it_is_stopped()
    {
        using var child = ChildProcess.Start();
        Assert.False(ProcessIdentity.HasEnded(child.Identity));
        Signals.Send(child.Id, Signal.Stop);
        Assert.False(ProcessIdentity.HasEnded(child.Identity));
        await child.KillAsync();
        Assert.True(ProcessIdentity.HasEnded(child.Identity));
    }

    [Fact]
    public async Task One_that_nobody_has_waited_for_yet_has_ended()
    {
        // The child of the shell becomes a child of sleep, which waits for nobody.
        using var parent = ChildProcess.Start("sleep 600 & exec sleep 600");
        await Eventually.TrueAsync(() => Signals.Children(parent.Id).Count == 1, "the child runs");
        var zombie = Signals.Children(parent.Id)[0];
        var identity = ChildProcess.IdentityOf(zombie);
        Assert.False(ProcessIdentity.HasEnded(identity));
        Signals.Send(zombie, Signal.Kill);
        await Eventually.TrueAsync(() => !Signals.Exists(zombie), "the child has ended");
        Assert.True(File.Exists($"/proc/{zombie}/stat"));
        Assert.True(ProcessIdentity.HasEnded(identity));
    }

    [Fact]
    public void A_process_id_that_another_process_has_by_now_is_told_by_the_time_it_started()
    {
        var mine = ProcessIdentity.Mine!;
        Assert.True(ProcessIdentity.HasEnded(mine + "1"));
    }

    [Fact]
    public async Task Of_another_boot_or_another_container_nothing_is_known()
    {
        var ended = (await ChildProcess.EndedAsync()).Split(' ');
        Assert.True(ProcessIdentity.HasEnded(string.Join(' ', ended)));
        Assert.False(ProcessIdentity.HasEnded($"{Guid.NewGuid()} {ended[1]} {ended[2]} {ended[3]}"));
        Assert.False(ProcessIdentity.HasEnded($"{ended[0]} pid:[1] {ended[2]} {ended[3]}"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("what another version wrote")]
    public void What_cannot_be_read_has_not_ended(string? process) => Assert.False(ProcessIdentity.HasEnded(process));
}
