using System.Buffers.Binary;
using System.Globalization;

namespace SmsGateway.Host.Hold;

/// <summary>The journal's directory cannot be used; the message says why and what to do.</summary>
internal sealed class HoldDirectoryException(string message, Exception? inner = null) : Exception(message, inner);

// The directory of one node's journal: its lock, its files 000000000001.journal and so on, how far each was played (NAME.played), and what was set aside
// (NAME.damaged). One writer: a second process is refused.
internal sealed class JournalDirectory : IDisposable
{
    public const string Extension = ".journal";
    private const string PlayedExtension = ".played";
    private const string DamagedExtension = ".damaged";
    private const long Kept = 1L << 62; // no offset is that large
    private readonly FileStream _lock;
    private long _last;

    private JournalDirectory(string path, FileStream held) => (FullPath, _lock) = (path, held);

    public string FullPath { get; }

    /// <exception cref="HoldDirectoryException">It cannot be made or written, or another process has it.</exception>
    public static JournalDirectory Open(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HoldDirectoryException(
                $"The journal's directory {path} cannot be made: {error.Message}. Set Hold__Directory to one that this process may write, or Hold__Enabled to false.", error);
        }

        try
        {
            var held = new FileStream(Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var directory = new JournalDirectory(path, held);
            directory._last = Files(path).Select(NumberOf).DefaultIfEmpty(0).Max();
            return directory;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new HoldDirectoryException($"The journal's directory {path} cannot be written: {error.Message}. Correct its owner, or set Hold__Directory.", error);
        }
        catch (IOException error)
        {
            throw new HoldDirectoryException(
                $"Another process has the journal in {path}: {error.Message}. Give this node another name (Node__Name) or directory (Hold__Directory), or stop the other process.", error);
        }
    }

    /// <summary>A name that no file has had since this process began, and none has: somebody may copy a journal here.</summary>
    public string NextPath()
    {
        string path;
        do
        {
            path = Path.Combine(FullPath, Interlocked.Increment(ref _last).ToString("D12", CultureInfo.InvariantCulture) + Extension);
        }
        while (File.Exists(path));
        return path;
    }

    /// <summary>Whether an earlier process left a journal there.</summary>
    public static bool HasFiles(string path) => Directory.Exists(path) && Files(path).Length > 0;

    /// <summary>What was set aside there: acknowledged, and not all of it in the ledger.</summary>
    public static string[] SetAside(string directory) => Directory.GetFiles(directory, "*" + DamagedExtension);

    /// <summary>The journal's files in a directory, oldest first.</summary>
    public static string[] Files(string directory)
    {
        var files = Directory.GetFiles(directory, "*" + Extension);
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    /// <summary>How far a file was played, and whether something before that was parked.</summary>
    public static (long Offset, bool IsKept) PlayedTo(string path, ulong salt)
    {
        try
        {
            var octets = File.ReadAllBytes(path + PlayedExtension);
            if (octets.Length == 12 && BinaryPrimitives.ReadUInt32LittleEndian(octets.AsSpan(8)) == Crc32C.Of(salt, octets.AsSpan(0, 8)))
            {
                var played = BinaryPrimitives.ReadInt64LittleEndian(octets);
                return (Math.Max(JournalHeader.Length, played & ~Kept), (played & Kept) != 0);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // None yet: playing again from the start changes nothing.
        }

        return (JournalHeader.Length, false);
    }

    /// <summary>Remembers how far a file was played. Not synced: what is lost of it is played again.</summary>
    public static void SetPlayedTo(string path, ulong salt, long offset, bool isKept)
    {
        var octets = new byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(octets, isKept ? offset | Kept : offset);
        BinaryPrimitives.WriteUInt32LittleEndian(octets.AsSpan(8), Crc32C.Of(salt, octets.AsSpan(0, 8)));
        File.WriteAllBytes(path + PlayedExtension, octets);
    }

    /// <summary>A file is to be played from its start again.</summary>
    public static void ForgetPlayedTo(string path) => File.Delete(path + PlayedExtension);

    /// <summary>
    /// Removes a file that is played to its end; one with damage is kept under another name, for whoever wants to look. Numbers begin anew when all files are
    /// gone, so the file's salt stands in that name.
    /// </summary>
    public static void Remove(string path, ulong salt, bool isDamaged)
    {
        if (isDamaged)
        {
            File.Move(path, $"{path}.{salt:x16}{DamagedExtension}", overwrite: true);
        }
        else
        {
            File.Delete(path);
        }

        File.Delete(path + PlayedExtension);
    }

    public void Dispose() => _lock.Dispose();

    private static long NumberOf(string path) =>
        long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
