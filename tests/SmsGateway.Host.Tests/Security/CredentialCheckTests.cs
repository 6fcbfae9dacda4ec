using SmsGateway.Host.Configuration;
using SmsGateway.Host.Security;
using SmsGateway.Host.Tests.Configuration;

namespace SmsGateway.Host.Tests.Security;

public sealed class CredentialCheckTests : IDisposable
{
    private readonly ConfigurationState _state = new();
    private readonly CredentialCheck _check;

    public CredentialCheckTests()
    {
        _state.Swap(Documents.Snapshot(Documents.Small));
        _check = new CredentialCheck(_state);
    }

    public void Dispose() => _check.Dispose();

    [Fact]
    public async Task The_right_password_is_valid_and_answered_at_once_the_second_time()
    {
        var first = await _check.CheckAsync("demo", "demo1234");
        var second = _check.CheckAsync("demo", "demo1234");

        Assert.Equal((CredentialVerdict.Valid, "demo"), (first.Verdict, first.Account!.Name));
        Assert.True(second.IsCompletedSuccessfully);
        Assert.Equal(first, await second);
    }

    [Theory]
    [InlineData("demo", "demo1235")]
    [InlineData("demo", "")]
    [InlineData("Demo", "demo1234")]
    [InlineData("nobody", "demo1234")]
    [InlineData("closed", "demo1234")]
    public async Task Wrong_password_unknown_and_disabled_account_are_one_answer(string login, string password)
    {
        var first = await _check.CheckAsync(login, password);
        var second = _check.CheckAsync(login, password);

        Assert.Equal(new LoginResult(CredentialVerdict.Wrong, null), first);
        Assert.True(second.IsCompletedSuccessfully);
        Assert.Equal(first, await second);
    }

    [Fact]
    public async Task Login_and_password_are_not_run_together()
    {
        await _check.CheckAsync("demo", "demo1234");

        Assert.Equal(CredentialVerdict.Wrong, (await _check.CheckAsync("demod", "emo1234")).Verdict);
    }

    [Fact]
    public async Task Overlong_input_is_wrong_without_any_work()
    {
        Assert.Equal(CredentialVerdict.Wrong, (await _check.CheckAsync(new string('x', 100_000), "demo1234")).Verdict);
        Assert.Equal(CredentialVerdict.Wrong, (await _check.CheckAsync("demo", new string('x', 100_000))).Verdict);
    }

    [Fact]
    public async Task Every_live_credential_is_valid_and_a_removed_one_is_wrong_from_the_next_check_on()
    {
        var second = new CredentialSettings { Name = "next", PasswordHash = PasswordHash.Create("demo5678").ToString() };
        Apply(2, Documents.Small.Accounts[0] with { Credentials = [.. Documents.Small.Accounts[0].Credentials, second] });
        Assert.Equal(CredentialVerdict.Valid, (await _check.CheckAsync("demo", "demo1234")).Verdict);
        Assert.Equal(CredentialVerdict.Valid, (await _check.CheckAsync("demo", "demo5678")).Verdict);

        Apply(3, Documents.Small.Accounts[0] with { Credentials = [second] });

        Assert.Equal(CredentialVerdict.Wrong, (await _check.CheckAsync("demo", "demo1234")).Verdict);
        Assert.Equal(CredentialVerdict.Valid, (await _check.CheckAsync("demo", "demo5678")).Verdict);
    }

    [Fact]
    public async Task A_disabled_account_is_wrong_from_the_next_check_on_and_valid_again_when_enabled()
    {
        await _check.CheckAsync("demo", "demo1234");

        Apply(2, Documents.Small.Accounts[0] with { Enabled = false });
        Assert.Equal(CredentialVerdict.Wrong, (await _check.CheckAsync("demo", "demo1234")).Verdict);

        Apply(3, Documents.Small.Accounts[0]);
        Assert.Equal(CredentialVerdict.Valid, (await _check.CheckAsync("demo", "demo1234")).Verdict);
    }

    [Fact]
    public async Task A_wrong_password_that_becomes_right_is_valid_at_once()
    {
        Assert.Equal(CredentialVerdict.Wrong, (await _check.CheckAsync("demo", "other123")).Verdict);

        Apply(2, Documents.Small.Accounts[0] with { Credentials = [new CredentialSettings { Name = "m", PasswordHash = PasswordHash.Create("other123").ToString() }] });

        Assert.Equal(CredentialVerdict.Valid, (await _check.CheckAsync("demo", "other123")).Verdict);
    }

    [Fact]
    public async Task The_same_first_login_from_many_connections_is_one_check()
    {
        using var narrow = new CredentialCheck(_state, maxInFlight: 1);

        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () => await narrow.CheckAsync("demo", "demo1234"))));

        Assert.All(results, r => Assert.Equal(CredentialVerdict.Valid, r.Verdict));
    }

    [Fact]
    public async Task More_new_logins_than_may_be_checked_at_once_are_told_to_come_back()
    {
        using var full = new CredentialCheck(_state, maxInFlight: 0);

        Assert.Equal(CredentialVerdict.Busy, (await full.CheckAsync("demo", "demo1234")).Verdict);
    }

    private void Apply(long version, AccountSettings account) =>
        _state.Swap(Documents.Snapshot(Documents.Small with { Accounts = [account] }, version));
}
