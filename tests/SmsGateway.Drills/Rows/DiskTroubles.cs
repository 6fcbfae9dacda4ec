using SmsGateway.Drills.Play;
using SmsGateway.TestKit;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.Drills.Rows;

// The disk under a node's journal is full while the ledger is away: a file system of 512 KiB in memory where this may be mounted (root), else the journal's own limit.
internal static class DiskTroubles
{
    // Fills the small disk in the short form too.
    private const int Rate = 500;

    public static IReadOnlyList<Drill> All { get; } =
    [
        new(
            "journal-disk-full", "the ledger is away (SIGSTOP) and the disk under one node's journal is full before it is back",
            "that node refuses (0x08) and keeps what it acknowledged; customers go to the others; all are emitted once", FullAsync) { Nodes = Drill.TwoNodes },
    ];

    private static async Task FullAsync(DrillRun run)
    {
        var disk = run.Keep(await SmallDisk.MountAsync());
        GatewayNode? poor = null;
        var gateway = await run.StartAsync(g =>
        {
            poor = g.Nodes[run.Random.Next(g.Nodes.Count)];
            g.OptionsFor = node => node == poor
                ? new Dictionary<string, string?> { ["Hold__Directory"] = disk.Path, ["Hold__MaxBytes"] = disk.IsFileSystem ? "1000000000" : $"{SmallDisk.Bytes}" }
                : new Dictionary<string, string?>();
        });
        await run.UnderLoadAsync(run.Of(30, 60), Rate, 0, async load =>
        {
            await Task.Delay(TimeSpan.FromSeconds(2 + run.Random.NextDouble()), TimeProvider.System);
            load.Mark("ledger frozen");
            gateway.Postgres.Freeze();
            await Task.Delay(TimeSpan.FromSeconds(run.Of(24, 45)), TimeProvider.System);
            load.Mark("ledger thawed");
            gateway.Postgres.Thaw();
        });
        run.Promise(run.Count("throttled") > 0, "its disk was full: it refused");
    }

    // Ends unmounted and removed.
    private sealed class SmallDisk(string path, bool isFileSystem) : IAsyncDisposable
    {
        public const int Bytes = 1 << 19;

        public string Path => path;

        public bool IsFileSystem => isFileSystem;

        public static async Task<SmallDisk> MountAsync()
        {
            var path = Directory.CreateTempSubdirectory("smsgateway-disk-").FullName;
            return new SmallDisk(path, Environment.IsPrivilegedProcess && await RunAsync("mount", "-t", "tmpfs", "-o", $"size={Bytes}", "none", path) == 0);
        }

        public async ValueTask DisposeAsync()
        {
            // The topology's nodes may still have it open: lazily.
            if (isFileSystem)
            {
                await RunAsync("umount", "-l", path);
            }

            Directory.Delete(path, recursive: true);
        }

        private static async Task<int> RunAsync(string program, params string[] arguments)
        {
            await using var process = ProcessUnderTest.Start(program, arguments);
            return await process.WaitForExitAsync();
        }
    }
}
