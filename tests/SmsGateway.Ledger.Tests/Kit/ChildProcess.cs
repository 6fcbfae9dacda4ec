using System.Diagnostics;
using SmsGateway.TestKit;

namespace SmsGateway.Ledger.Tests;

// A real process, told to the ledger as the holder of a node's name.
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(string script)
    {
        _process = Process.Start(new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", script } })!;
        Identity = IdentityOf(_process.Id);
    }

    public int Id => _process.Id;

    /// <summary>As <see cref="ProcessIdentity.Mine"/> would be in that process.</summary>
    public string Identity { get; }

    public static ChildProcess Start(string script = "exec sleep 600") => new(script);

    /// <summary>The identity of any process of this machine, also of one that ended and was not waited for.</summary>
    public static string IdentityOf(int pid)
    {
        var mine = ProcessIdentity.Mine!.Split(' ');
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        return $"{mine[0]} {mine[1]} {pid} {stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19]}";
    }

    /// <summary>The identity of a process that has ended.</summary>
    public static async Task<string> EndedAsync()
    {
        using var child = Start();
        await child.KillAsync();
        return child.Identity;
    }

    public async Task KillAsync()
    {
        Signals.Send(Id, Signal.Kill);
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
