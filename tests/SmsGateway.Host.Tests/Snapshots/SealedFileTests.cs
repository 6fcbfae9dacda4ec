using System.Text;
using SmsGateway.Host.Snapshots;

namespace SmsGateway.Host.Tests.Snapshots;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")] // modes of files
public sealed class SealedFileTests : IDisposable
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("{\"some\":\"thing\",\n\"and\":\"more\"}");
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"smsgateway-sealed-{Guid.NewGuid():n}");

    private string File1 => Path.Combine(_directory, "node", "snapshot");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_was_written_is_read_and_only_its_owner_may()
    {
        SealedFile.Write(File1, "snapshot", 1, Body, durable: true);
        SealedFile.Write(File1, "snapshot", 1, Body, durable: false);
        Assert.Equal(Body, SealedFile.Read(File1, "snapshot", 1));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(File1));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(File1)!));
        Assert.Equal([File1], Directory.GetFiles(Path.GetDirectoryName(File1)!));
    }

    [Fact]
    public void What_a_killed_writer_left_beside_it_harms_nothing_and_the_old_file_stays_whole_until_the_new_one_is()
    {
        SealedFile.Write(File1, "snapshot", 1, Body, durable: true);
        File.WriteAllText(File1 + ".new", "half");
        File.SetUnixFileMode(File1 + ".new", UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Equal(Body, SealedFile.Read(File1, "snapshot", 1));
        SealedFile.Write(File1, "snapshot", 1, [1, 2, 3], durable: true);
        Assert.Equal([1, 2, 3], SealedFile.Read(File1, "snapshot", 1)!);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(File1));
    }

    [Fact]
    public void A_writer_that_fails_leaves_the_old_file()
    {
        SealedFile.Write(File1, "snapshot", 1, Body, durable: true);
        Directory.CreateDirectory(File1 + ".new"); // in the way
        Assert.ThrowsAny<Exception>(() => SealedFile.Write(File1, "snapshot", 1, [1], durable: true));
        Assert.Equal(Body, SealedFile.Read(File1, "snapshot", 1));
    }

    [Fact]
    public void A_file_cut_at_any_octet_is_refused_with_its_name()
    {
        SealedFile.Write(File1, "snapshot", 1, Body, durable: true);
        var whole = File.ReadAllBytes(File1);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(File1, whole[..length]);
            Assert.Contains(File1, Assert.Throws<SealedFileException>(() => SealedFile.Read(File1, "snapshot", 1)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_with_any_octet_changed_or_one_more_is_refused()
    {
        SealedFile.Write(File1, "snapshot", 1, Body, durable: true);
        var whole = File.ReadAllBytes(File1);
        for (var at = 0; at < whole.Length; at++)
        {
            var other = whole.ToArray();
            other[at] ^= 1;
            File.WriteAllBytes(File1, other);
            Assert.Throws<SealedFileException>(() => SealedFile.Read(File1, "snapshot", 1));
        }

        File.WriteAllBytes(File1, [.. whole, 0]);
        Assert.Throws<SealedFileException>(() => SealedFile.Read(File1, "snapshot", 1));
    }

    [Fact]
    public void Another_kind_and_a_later_format_are_refused_in_their_own_words_and_no_file_is_no_error()
    {
        Assert.Null(SealedFile.Read(File1, "snapshot", 1));
        SealedFile.Write(File1, "mark", 1, Body, durable: false);
        Assert.Contains("no snapshot of a node", Assert.Throws<SealedFileException>(() => SealedFile.Read(File1, "snapshot", 1)).Message, StringComparison.Ordinal);
        SealedFile.Write(File1, "snapshot", 2, Body, durable: false);
        Assert.Contains("has format 2; this version reads 1", Assert.Throws<SealedFileException>(() => SealedFile.Read(File1, "snapshot", 1)).Message, StringComparison.Ordinal);
    }
}
