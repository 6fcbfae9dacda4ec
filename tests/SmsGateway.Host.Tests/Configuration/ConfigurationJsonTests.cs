using SmsGateway.Host.Configuration;
using SmsGateway.Host.Security;

namespace SmsGateway.Host.Tests.Configuration;

public sealed class ConfigurationJsonTests
{
    [Fact]
    public void A_written_document_reads_back_the_same()
    {
        var document = Full();

        foreach (var json in (string[])[ConfigurationJson.Canonical(document), ConfigurationJson.Readable(document)])
        {
            var again = ConfigurationReader.Read(json, out var errors);

            Assert.Empty(errors);
            Assert.Equal(ConfigurationJson.Canonical(document), ConfigurationJson.Canonical(again!));
        }
    }

    [Fact]
    public void Words_are_written_as_they_are_read()
    {
        var json = ConfigurationJson.Canonical(Full());

        Assert.Contains("\"defaultPriority\":\"INTERACTIVE_LOW\",\"defaultEncoding\":\"ISO8859_5\"", json, StringComparison.Ordinal);
        Assert.Contains("\"bindType\":\"transmitterReceiver\"", json, StringComparison.Ordinal);
        Assert.Contains("\"retryable\":[\"0x14\",\"0x58\"]", json, StringComparison.Ordinal);
        Assert.Contains("\"protocol\":\"smpp\"", json, StringComparison.Ordinal);
        Assert.Contains("\"defaultValidity\":\"1.12:00:00\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_version_before_does_not_know_is_written_only_where_it_is_used()
    {
        string[] news = ["\"hold\"", "\"holdWhereOff\"", "\"duplicateWindow\"", "\"doubt\""];
        var document = new ConfigurationDocument { Accounts = [new AccountSettings { Name = "demo" }], Carriers = [new CarrierSettings { Name = "carrier-a", Host = "127.0.9.1" }] };
        Assert.DoesNotContain(news, name => ConfigurationJson.Canonical(document).Contains(name, StringComparison.Ordinal));

        var json = ConfigurationJson.Canonical(new ConfigurationDocument
        {
            Accounts = [new AccountSettings { Name = "demo", Hold = false, Smpp = new AccountSmppSettings { DuplicateWindow = TimeSpan.FromSeconds(30) } }],
        });
        Assert.Contains("\"hold\":false", json, StringComparison.Ordinal);
        Assert.Contains("\"duplicateWindow\":\"00:00:30\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Sealing_leaves_no_password_or_key_in_clear()
    {
        var sealedDocument = DocumentSealing.Seal(Full(), inForce: null);
        var json = ConfigurationJson.Canonical(sealedDocument);

        Assert.DoesNotContain("demo1234", json, StringComparison.Ordinal);
        Assert.DoesNotContain("local-admin-key", json, StringComparison.Ordinal);
        Assert.True(PasswordHash.TryParse(sealedDocument.Accounts[0].Credentials[0].PasswordHash!)!.Verify("demo1234"));
        Assert.True(PasswordHash.TryParse(sealedDocument.Accounts[0].Credentials[1].PasswordHash!)!.Verify("demo5678"));
        Assert.True(ApiKeyHash.Verify(sealedDocument.ApiKeys[0].KeyHash!, "local-admin-key"));
        Assert.NotNull(ConfigurationReader.Read(json, out _));
    }

    [Fact]
    public void Sealing_the_same_file_again_gives_the_same_document()
    {
        var first = DocumentSealing.Seal(Full(), inForce: null);

        var second = DocumentSealing.Seal(Full(), first);

        Assert.Equal(ConfigurationJson.Hash(ConfigurationJson.Canonical(first)), ConfigurationJson.Hash(ConfigurationJson.Canonical(second)));
    }

    [Fact]
    public void A_changed_password_gets_a_hash_of_its_own()
    {
        var first = DocumentSealing.Seal(Full(), inForce: null);
        var changed = Full().Accounts[0] with { Credentials = [new CredentialSettings { Name = "main", Password = "other123" }] };

        var second = DocumentSealing.Seal(Full() with { Accounts = [changed] }, first);

        Assert.NotEqual(first.Accounts[0].Credentials[0].PasswordHash, second.Accounts[0].Credentials[0].PasswordHash);
        Assert.True(PasswordHash.TryParse(second.Accounts[0].Credentials[0].PasswordHash!)!.Verify("other123"));
    }

    private static ConfigurationDocument Full() => ConfigurationReader.Read(Documents.Full, out _)!;
}
