#if DRILL
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SmsGateway.Ledger;

// Drill build only: at the Nth pass of a named place the process does to itself what the drill asks for. SMSGATEWAY_FAILPOINT=NAME@N kills it (SIGKILL);
// NAME@N:late half a second later, so that whatever was said too early has been heard; NAME@N:stop says on standard error what it was about and stops it
// (SIGSTOP), until somebody sends SIGCONT.
internal static class Failpoint
{
    private const int StopSignal = 19;
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(500);
    private static readonly (string Name, int At, string How) Wanted = Parse(Environment.GetEnvironmentVariable("SMSGATEWAY_FAILPOINT"));
    private static int _passes;

    public static void Pass(string name, Func<string>? about = null)
    {
        if (name != Wanted.Name || Interlocked.Increment(ref _passes) != Wanted.At)
        {
            return;
        }

        if (Wanted.How == "stop")
        {
            Console.Error.WriteLine($"failpoint {name}: {about?.Invoke()}");
            _ = Kill(Environment.ProcessId, StopSignal);
            Thread.Sleep(TimeSpan.FromMilliseconds(20)); // all threads have stopped before this one goes on
            return;
        }

        if (Wanted.How == "late")
        {
            Thread.Sleep(Late);
        }

        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    private static (string Name, int At, string How) Parse(string? text) =>
        text?.Split('@', ':') is [var name, var at, .. var how] ? (name, int.Parse(at, CultureInfo.InvariantCulture), how is [var only] ? only : "") : ("", 0, "");

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
#endif
