using System.Security.Cryptography;
using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

// MOs for which the carrier names an id. Carriers use ids again, and some give all parts of a long message one.
public sealed class NamedMoTests() : TwoLedgers(new ManualTimeProvider(TimeProvider.System.GetUtcNow()))
{
    [Fact]
    public async Task The_same_id_with_other_content_is_another_MO_and_each_is_forwarded_once()
    {
        Assert.Equal(MoVerdict.Stored, await RecordAsync(A, 1));
        Assert.Equal(MoVerdict.Stored, await RecordAsync(B, 2));
        Assert.Equal(MoVerdict.Duplicate, await RecordAsync(B, 1));
        Assert.Equal(MoVerdict.Duplicate, await RecordAsync(A, 2));
        Assert.Equal(MoVerdict.Stored, await A.Mos.RecordAsync(Mo(1) with { BodyHash = Guid.NewGuid() }, default));
        Assert.Equal(3, await OwedAsync());
    }

    [Fact]
    public async Task Three_contents_at_two_nodes_at_the_same_moment_are_three_MOs()
    {
        var verdicts = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => RecordAsync(i % 2 == 0 ? A : B, (byte)(i % 3))));
        Assert.Equal((3, 57), (verdicts.Count(v => v == MoVerdict.Stored), verdicts.Count(v => v == MoVerdict.Duplicate)));
        Assert.Equal(3, await OwedAsync());
    }

    [Fact]
    public async Task A_node_of_the_version_before_took_it_and_its_repeat_at_this_one_is_known()
    {
        await ClaimAsBeforeAsync(Mo(1));
        Assert.Equal(MoVerdict.Duplicate, await RecordAsync(A, 1));
        Assert.Equal(MoVerdict.Duplicate, await RecordAsync(B, 1));
        Assert.Equal(MoVerdict.Stored, await RecordAsync(B, 2));
        Assert.Equal(MoVerdict.Duplicate, await RecordAsync(A, 2));
        Assert.Equal(1, await OwedAsync());
    }

    [Fact]
    public async Task This_node_took_it_and_a_node_of_the_version_before_finds_its_key()
    {
        await RecordAsync(A, 1);
        Assert.Equal(0, await ClaimAsBeforeAsync(Mo(1)));
    }

    [Fact]
    public async Task A_repeat_is_known_although_the_id_was_free_again_before_its_content_was()
    {
        await RecordAsync(A, 1);
        await SwitchAsync();
        Assert.Equal(MoVerdict.Stored, await RecordAsync(A, 2));
        await SwitchAsync();
        Assert.Equal(MoVerdict.Duplicate, await RecordAsync(B, 2));
        Assert.Equal(2, await OwedAsync());
    }

    [Fact]
    public async Task One_that_nobody_owns_is_listed_once_per_content()
    {
        Assert.Equal(MoVerdict.Unroutable, await A.Mos.RecordAsync(Mo(1) with { Account = null }, default));
        Assert.Equal(MoVerdict.Unroutable, await A.Mos.RecordAsync(Mo(2) with { Account = null }, default));
        Assert.Equal(MoVerdict.Duplicate, await B.Mos.RecordAsync(Mo(2) with { Account = null }, default));
        Assert.Equal(2, await A.ScalarAsync<long>("SELECT count(*) FROM parked WHERE kind = 'mo_unroutable'"));
    }

    private Task<MoVerdict> RecordAsync(LedgerUnderTest ledger, byte part) => ledger.Mos.RecordAsync(Mo(part), default).AsTask();

    // What the statement of the version before wrote: the carrier's id alone, with the hash of the PDU's body.
    private Task<long> ClaimAsBeforeAsync(NewMo mo) => A.ScalarAsync<long>($"""
        WITH claimed AS (
            INSERT INTO ledger_key (generation, key, content, nonce, parts)
            SELECT current, '{A.Node.Keys.ForMo(mo.Connector, mo.CarrierKey!)}', '{mo.BodyHash}', 4711, 1 FROM key_generation
            ON CONFLICT DO NOTHING RETURNING 1)
        SELECT count(*) FROM claimed
        """);

    private async Task SwitchAsync()
    {
        await using var connection = await A.Connections.Cold.OpenConnectionAsync();
        Assert.True(await KeyGenerations.SwitchWhenDueAsync(connection, TimeSpan.Zero, TimeProvider.System, CancellationToken.None));
    }

    private Task<long> OwedAsync() => A.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE kind = 2");

    private NewMo Mo(byte part)
    {
        byte[] body = [5, 0, 3, 7, 3, part, 1, 2, 3];
        return Make.Mo(Time.GetUtcNow()) with { CarrierKey = "mo-1", EsmClass = 0x40, Body = body, BodyHash = new Guid(SHA256.HashData(body)[..16]) };
    }
}
