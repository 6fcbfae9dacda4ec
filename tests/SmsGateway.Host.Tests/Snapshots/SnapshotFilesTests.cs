using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Snapshots;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Snapshots;

public sealed class SnapshotFilesTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"smsgateway-snapshots-{Guid.NewGuid():n}");

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    public void A_snapshot_comes_back_as_it_was_and_its_node_stands_in_its_mode_without_a_lease()
    {
        var files = Files("smsc1.dc3", "dc3");
        Assert.Null(files.Read());
        files.Write(Snapshot());
        var read = files.Read()!;
        Assert.True(read.SaysTheSameAs(Snapshot()));
        Assert.False(read.SaysTheSameAs(Snapshot() with { InstallationKey = new byte[32] }));
        Assert.False(read.SaysTheSameAs(Snapshot() with { SiteMode = "draining" }));
        Assert.Equal((5L, "demo"), (read.Configuration()!.Version, Assert.Single(read.Configuration()!.Accounts.Keys)));
        var self = read.Standing();
        Assert.Equal(((short)3, NodeMode.Standby, false), (self.Id, self.Effective, self.Live));
    }

    [Fact]
    public void A_mode_of_a_later_version_is_one_to_keep_out_of()
    {
        Assert.Equal(NodeMode.Down, (Snapshot() with { Mode = "lukewarm" }).Standing().Effective);
    }

    [Fact]
    public void A_snapshot_of_another_node_is_refused_by_both_names()
    {
        Files("smsc1.dc3", "dc3").Write(Snapshot());
        Directory.Move(Path.Combine(_directory, "smsc1.dc3"), Path.Combine(_directory, "smsc2.dc3"));
        var refused = Assert.Throws<SealedFileException>(() => Files("smsc2.dc3", "dc3").Read()).Message;
        Assert.Contains("is of node smsc1.dc3 of site dc3, and this is smsc2.dc3 of dc3", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_or_key_that_is_not_valid_is_refused_whole()
    {
        var files = Files("smsc1.dc3", "dc3");
        foreach (var bad in (NodeSnapshot[])[Snapshot() with { Document = "{\"accounts\": 7}" }, Snapshot() with { InstallationKey = new byte[31] }, Snapshot() with { Version = 0 }])
        {
            files.Write(bad);
            Assert.Contains("not valid", Assert.Throws<SealedFileException>(files.Read).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_mark_comes_back_and_a_damaged_one_is_as_good_as_none()
    {
        var files = Files("smsc1.dc3", "dc3");
        Assert.Null(files.ReadMark());
        var mark = new NodeMark(Guid.NewGuid(), 7, 3);
        files.WriteMark(mark);
        Assert.Equal(mark, files.ReadMark());
        File.WriteAllText(Path.Combine(_directory, "smsc1.dc3", "mark"), "");
        Assert.Null(files.ReadMark());
    }

    private static NodeSnapshot Snapshot() => new()
    {
        Node = "smsc1.dc3",
        Site = "dc3",
        Id = 3,
        InstallationKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)],
        Epoch = 9,
        Mode = "hot",
        SiteMode = "standby",
        Version = 5,
        Hash = "cafe",
        Document = ConfigurationJson.Canonical(new ConfigurationDocument { Accounts = [new AccountSettings { Name = "demo" }] }),
        At = DateTimeOffset.UnixEpoch,
    };

    private SnapshotFiles Files(string node, string site) =>
        new(Options.Create(new SnapshotOptions { Directory = _directory }), Options.Create(new NodeOptions { Name = node, Site = site }), Options.Create(new HoldOptions()));
}
