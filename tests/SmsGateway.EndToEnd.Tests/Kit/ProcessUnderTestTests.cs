using SmsGateway.TestKit;

namespace SmsGateway.EndToEnd.Tests.Kit;

public sealed class ProcessUnderTestTests
{
    [Fact]
    public async Task A_line_is_found_whether_it_was_printed_before_or_comes_later()
    {
        await using var process = Shell("trap 'echo bye; exit 3' TERM; echo \"hello $WHO\"; while :; do sleep 0.05; done", ("WHO", "you"));
        Assert.Equal("hello you", await process.WaitForLineAsync("hello"));
        Assert.Equal("hello you", await process.WaitForLineAsync("you"));
        process.Terminate();
        await process.WaitForLineAsync("bye");
        Assert.Equal(3, await process.WaitForExitAsync());
    }

    [Fact]
    public async Task Waiting_for_a_line_ends_with_the_process()
    {
        await using var process = Shell("echo only this >&2");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => process.WaitForLineAsync("never"));
        Assert.Contains("only this", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suspended_process_can_be_killed()
    {
        await using var process = Shell("echo up; exec sleep 600");
        await process.WaitForLineAsync("up");
        process.Suspend();
        process.Kill();
        Assert.Equal(128 + 9, await process.WaitForExitAsync());
        Assert.False(Signals.Exists(process.Id));
    }

    [Fact]
    public async Task What_is_not_reached_in_time_fails_with_its_name()
    {
        var error = await Assert.ThrowsAsync<TimeoutException>(() => Eventually.TrueAsync(() => false, "pigs fly", TimeSpan.FromMilliseconds(30)));
        Assert.Contains("pigs fly", error.Message, StringComparison.Ordinal);
    }

    private static ProcessUnderTest Shell(string script, params (string Name, string Value)[] environment) =>
        ProcessUnderTest.Start("/bin/sh", ["-c", script], environment.ToDictionary(e => e.Name, e => (string?)e.Value));
}
