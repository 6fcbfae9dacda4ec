using System.Diagnostics;

namespace SmsGateway.TestKit;

// Kills every process the tests started when the test host ends, however it ends: a shell waits on a pipe only this process holds.
internal static class ProcessReaper
{
    private const string Script = """
        trap '' INT HUP TERM
        pids=" "
        while read -r word pid; do
          case $word in
            add) pids="$pids$pid " ;;
            del) case $pids in *" $pid "*) pids="${pids%%" $pid "*} ${pids#*" $pid "}" ;; esac ;;
          esac
        done
        for pid in $pids; do kill -CONT "$pid"; kill -KILL "$pid"; done
        """;

    private static readonly Lock Gate = new();
    private static readonly Lazy<Process> Shell = new(Start);

    public static void Add(int pid) => Tell("add", pid);

    public static void Remove(int pid) => Tell("del", pid);

    private static void Tell(string word, int pid)
    {
        lock (Gate)
        {
            Shell.Value.StandardInput.WriteLine($"{word} {pid}");
            Shell.Value.StandardInput.Flush();
        }
    }

    private static Process Start() =>
        // Redirected, or the shell would hold the test host's own output open; in a session of its own, or a signal to the group would end it first.
        Process.Start(new ProcessStartInfo("setsid", ["/bin/sh", "-c", "exec >/dev/null 2>&1\n" + Script]) { RedirectStandardInput = true })!;
}
