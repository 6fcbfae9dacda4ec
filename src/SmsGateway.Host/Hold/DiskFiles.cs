using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SmsGateway.Host.Hold;

// The real file layer: write(2), fsync(2) of the file, and of its directory when its name is new.
internal sealed class DiskFiles : IJournalFiles
{
    public IJournalFile Create(string path)
    {
        var file = new DiskFile(File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read));
        try
        {
            SyncDirectory(Path.GetDirectoryName(path)!);
            return file;
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    public bool TryCut(string path, long length)
    {
        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
            RandomAccess.SetLength(handle, length);
            RandomAccess.FlushToDisk(handle);
            return true;
        }
        catch (FileNotFoundException)
        {
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Makes the names in a directory durable. The framework opens no directories, so the system is asked.</summary>
    public static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS journals names itself
        }

        var handle = Open(Encoding.UTF8.GetBytes(directory + '\0'), flags: 0);
        if (handle < 0)
        {
            throw new IOException($"{directory} cannot be opened (errno {Marshal.GetLastPInvokeError()}).");
        }

        try
        {
            if (Fsync(handle) != 0)
            {
                throw new IOException($"{directory} cannot be synced (errno {Marshal.GetLastPInvokeError()}).");
            }
        }
        finally
        {
            _ = Close(handle);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fsync(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);

    private sealed class DiskFile(SafeFileHandle handle) : IJournalFile
    {
        private long _length;

        public void Append(ReadOnlySpan<byte> octets)
        {
            RandomAccess.Write(handle, octets, _length);
            _length += octets.Length;
        }

        public void Sync() => RandomAccess.FlushToDisk(handle);

        public bool TryCut(long length)
        {
            try
            {
                RandomAccess.SetLength(handle, length);
                RandomAccess.FlushToDisk(handle);
                return true;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }

        public void Dispose() => handle.Dispose();
    }
}
