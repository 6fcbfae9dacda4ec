using SmsGateway.Host.Security;

namespace SmsGateway.Host.Tests.Security;

public sealed class PasswordHashTests
{
    [Fact]
    public void A_hash_knows_its_password_and_no_other_also_after_a_round_trip()
    {
        var text = PasswordHash.Create("demo1234").ToString();
        var hash = PasswordHash.TryParse(text);

        Assert.StartsWith("pbkdf2-sha256$200000$", text, StringComparison.Ordinal);
        Assert.NotNull(hash);
        Assert.True(hash.Verify("demo1234"));
        Assert.False(hash.Verify("demo1235"));
        Assert.False(hash.Verify(""));
        Assert.Equal(text, hash.ToString());
    }

    [Fact]
    public void A_hash_made_elsewhere_is_understood() => // python: hashlib.pbkdf2_hmac('sha256', b'demo1234', bytes(range(16)), 100000)
        Assert.True(PasswordHash.TryParse("pbkdf2-sha256$100000$AAECAwQFBgcICQoLDA0ODw==$3kFvFN3FYZo+L+tTMitfrpUve1Um/OWMA093fPOxtRM=")!.Verify("demo1234"));

    [Fact]
    public void The_same_password_never_has_the_same_hash_twice() =>
        Assert.NotEqual(PasswordHash.Create("demo1234").ToString(), PasswordHash.Create("demo1234").ToString());

    [Theory]
    [InlineData("")]
    [InlineData("demo1234")]
    [InlineData("pbkdf2-sha1$200000$AAECAwQFBgcICQoLDA0ODw==$AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8=")]
    [InlineData("pbkdf2-sha256$1000$AAECAwQFBgcICQoLDA0ODw==$AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8=")]
    [InlineData("pbkdf2-sha256$99999999999$AAECAwQFBgcICQoLDA0ODw==$AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8=")]
    [InlineData("pbkdf2-sha256$200000$AAEC$AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8=")]
    [InlineData("pbkdf2-sha256$200000$AAECAwQFBgcICQoLDA0ODw==$AAEC")]
    [InlineData("pbkdf2-sha256$200000$!!$!!")]
    public void What_is_no_hash_or_a_cheap_one_is_refused(string text) => Assert.Null(PasswordHash.TryParse(text));

    [Fact]
    public void An_api_key_hash_knows_its_key_and_no_other()
    {
        var stored = ApiKeyHash.Create("local-admin-key");

        Assert.True(ApiKeyHash.IsWellFormed(stored));
        Assert.True(ApiKeyHash.Verify(stored, "local-admin-key"));
        Assert.False(ApiKeyHash.Verify(stored, "local-admin-kez"));
        Assert.False(ApiKeyHash.Verify("local-admin-key", "local-admin-key"));
    }
}
