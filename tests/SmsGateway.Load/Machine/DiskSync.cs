using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SmsGateway.Load.Machine;

/// <summary>How long the disk takes to make a write durable: the figure below every durable rate.</summary>
internal static partial class DiskSync
{
    private const int Block = 8192;
    private const int Rounds = 200;

    /// <summary>Median milliseconds of writing 8 KiB and fdatasync in a directory.</summary>
    public static double MeasureMs(string directory, TimeProvider time)
    {
        string path = Path.Combine(directory, Path.GetRandomFileName());
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
            var block = new byte[Block];
            // The file has its size before the clock starts, as a WAL segment has.
            for (int i = 0; i < Rounds; i++)
                RandomAccess.Write(file, block, i * Block);
            RandomAccess.FlushToDisk(file);
            var durations = new double[Rounds];
            for (int i = 0; i < Rounds; i++)
            {
                long start = time.GetTimestamp();
                RandomAccess.Write(file, block, i * Block);
                if (FDataSync(file) != 0)
                    throw new IOException($"fdatasync failed in {directory}");
                durations[i] = time.GetElapsedTime(start).TotalMilliseconds;
            }

            Array.Sort(durations);
            return durations[Rounds / 2];
        }
        finally
        {
            File.Delete(path);
        }
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);
}
