#if DRILL
using System.Diagnostics;
using System.Globalization;

namespace SmsGateway.Ledger;

// Drill build only: the process kills itself (SIGKILL) at the Nth pass of a named place. SMSGATEWAY_FAILPOINT=NAME@N.
internal static class Failpoint
{
    private static readonly (string Name, int At) Wanted = Parse(Environment.GetEnvironmentVariable("SMSGATEWAY_FAILPOINT"));
    private static int _passes;

    public static void Pass(string name)
    {
        if (name == Wanted.Name && Interlocked.Increment(ref _passes) == Wanted.At)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }

    private static (string Name, int At) Parse(string? text) =>
        text?.Split('@') is [var name, var at] ? (name, int.Parse(at, CultureInfo.InvariantCulture)) : ("", 0);
}
#endif
