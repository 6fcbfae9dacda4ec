using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SmsGateway.Host.Hold;

namespace SmsGateway.Host.Snapshots;

/// <summary>A file that is whole or is not used: the reason, in words for an operator.</summary>
internal sealed class SealedFileException(string message, Exception? inner = null) : Exception(message, inner);

// One small file that is replaced as a whole: a line that names kind, format and the body's SHA-256, then the body. A reader gets a body that some
// writer wrote, or a reason. Mode 0600, because what is in it may be secret.
internal static class SealedFile
{
    private const string Magic = "smsgateway";
    private const int MostBytes = 256 * 1024 * 1024; // a configuration of a hundred thousand accounts is a tenth of it

    /// <summary>Replaces the file: another one beside it, then renamed. A crash at any point leaves the old one or the new one.</summary>
    /// <param name="path">The file; its directory is made, mode 0700.</param>
    /// <param name="kind">What is in it, one word.</param>
    /// <param name="format">The number of the body's format.</param>
    /// <param name="body">The body.</param>
    /// <param name="durable">Also against the end of the machine (two fsyncs).</param>
    public static void Write(string path, string kind, int format, ReadOnlySpan<byte> body, bool durable)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        MakeDirectory(directory);
        var beside = path + ".new";
        File.Delete(beside); // of a writer that was killed; its mode may be another one
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(beside, options))
        {
            file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Magic} {kind} {format} {Convert.ToHexStringLower(SHA256.HashData(body))}\n")));
            file.Write(body);
            file.Flush(flushToDisk: durable);
        }

        File.Move(beside, path, overwrite: true);
        if (durable)
        {
            DiskFiles.SyncDirectory(directory);
        }
    }

    /// <returns>The body; null when there is no such file.</returns>
    /// <exception cref="SealedFileException">It is damaged, of another kind or of a later format, or cannot be read.</exception>
    public static byte[]? Read(string path, string kind, int format)
    {
        byte[] all;
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return null;
            }

            all = file.Length <= MostBytes ? File.ReadAllBytes(path) : throw new SealedFileException($"{path} is longer than any snapshot.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SealedFileException($"{path} cannot be read: {error.Message}", error);
        }

        var end = Array.IndexOf(all, (byte)'\n');
        var words = end < 0 ? [] : Encoding.ASCII.GetString(all, 0, end).Split(' ');
        if (words is not [Magic, var ofKind, var number, var hash] || ofKind != kind)
        {
            throw new SealedFileException($"{path} is damaged or no {kind} of a node: its first line does not say so.");
        }

        if (number != format.ToString(CultureInfo.InvariantCulture))
        {
            throw new SealedFileException($"{path} has format {number}; this version reads {format}.");
        }

        var body = all[(end + 1)..];
        return hash == Convert.ToHexStringLower(SHA256.HashData(body)) ? body : throw new SealedFileException($"{path} is damaged: its checksum does not fit.");
    }

    private static void MakeDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
