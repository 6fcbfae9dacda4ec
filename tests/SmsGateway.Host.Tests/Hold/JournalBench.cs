using Microsoft.Extensions.Logging.Abstractions;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Hold;

// A journal in a directory of its own, over a file layer that can be made to fail.
internal sealed class JournalBench : IAsyncDisposable
{
    public static readonly Guid Installation = Guid.NewGuid();
    private readonly HostMetrics _metrics = new();
    private Journal? _journal;

    public JournalBench(HoldOptions? options = null)
    {
        Options = options ?? new HoldOptions();
        Files = new BrittleFiles(new DiskFiles());
        Figures = new HoldFigures(_metrics);
        Start();
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"journal-{Guid.NewGuid():n}");

    public HoldOptions Options { get; }

    public ManualTimeProvider Time { get; } = new();

    public BrittleFiles Files { get; }

    public HoldFigures Figures { get; }

    public Journal Journal => _journal!;

    public void Start() => _journal = new Journal(
        JournalDirectory.Open(Path), Files, () => Installation, "smsc1.dc3", Options, Figures, Time, NullLogger.Instance);

    public async Task RestartAsync()
    {
        await Journal.DisposeAsync();
        Start();
    }

    public Task<bool> TakeAsync(HeldFact fact) => Journal.TakeAsync(fact).AsTask();

    /// <summary>Everything in the files, in order.</summary>
    public async Task<List<HeldFact>> ReadAsync()
    {
        var facts = new List<HeldFact>();
        foreach (var segment in await Journal.SealAsync())
        {
            var reader = new JournalReader(await File.ReadAllBytesAsync(segment.Path));
            while (reader.TryNext(out var item))
            {
                facts.Add(FactCodec.Read(item.Frame!.Value.Kind, item.Frame.Value.Version, item.Octets.Span));
            }
        }

        return facts;
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        _metrics.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    // Real files whose write or fsync fails while a test says so, and whose fsync can be held.
    public sealed class BrittleFiles(IJournalFiles real) : IJournalFiles
    {
        public bool Full { get; set; }

        public bool Broken { get; set; }

        /// <summary>What was written cannot be cut off.</summary>
        public bool Uncuttable { get; set; }

        public int Syncs;

        public int Created;

        public SemaphoreSlim? Hold { get; set; }

        public IJournalFile Create(string path)
        {
            if (Full)
            {
                throw new IOException("No space left on device");
            }

            Created++;
            return new BrittleFile(real.Create(path), this);
        }

        public bool TryCut(string path, long length) => !Uncuttable && real.TryCut(path, length);

        private sealed class BrittleFile(IJournalFile file, BrittleFiles files) : IJournalFile
        {
            public void Append(ReadOnlySpan<byte> octets)
            {
                if (files.Full)
                {
                    file.Append(octets[..(octets.Length / 2)]); // as a disk does that runs full
                    throw new IOException("No space left on device");
                }

                file.Append(octets);
            }

            public void Sync()
            {
                files.Hold?.Wait();
                if (files.Broken)
                {
                    throw new IOException("Input/output error");
                }

                file.Sync();
                Interlocked.Increment(ref files.Syncs);
            }

            public bool TryCut(long length) => !files.Uncuttable && file.TryCut(length);

            public void Dispose() => file.Dispose();
        }
    }
}
