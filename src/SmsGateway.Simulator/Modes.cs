using System.Runtime.InteropServices;
using SmsGateway.Simulator.Behaviour;
using SmsGateway.Simulator.Carrier;
using SmsGateway.Simulator.Sink;

namespace SmsGateway.Simulator;

/// <summary>The program's two modes: from options to a simulator, and running it until a signal.</summary>
internal static class Modes
{
    /// <exception cref="FormatException">A wrong option or behaviour file.</exception>
    public static CarrierSimulator Carrier(string[] args)
    {
        var line = CommandLine.Parse(args, "--name", "--listen", "--control", "--seed", "--system-id", "--password", "--behaviour");
        var options = new CarrierOptions
        {
            Name = line.Text("--name", "carrier"),
            Listen = line.EndPoint("--listen"),
            Control = line.EndPoint("--control"),
            Seed = line.Number("--seed", 1),
            SystemId = line.Text("--system-id", "smsgw"),
            Password = line.Text("--password", "smsgw"),
            Log = true,
        };
        var behaviour = new BehaviourBox<CarrierBehaviour>(new CarrierBehaviour(), BehaviourCheck.Errors);
        if (line.Optional("--behaviour") is { } file && behaviour.TryUpdate(File.ReadAllText(file)) is { } error)
            throw new FormatException($"{file}: {error}");
        return new CarrierSimulator(options, behaviour.Current);
    }

    /// <exception cref="FormatException">A wrong option.</exception>
    public static CallbackSink Sink(string[] args)
    {
        var line = CommandLine.Parse(args, "--listen", "--journal", "--seed");
        return new CallbackSink(new SinkOptions
        {
            Listen = line.EndPoint("--listen"),
            JournalFile = line.Optional("--journal"),
            Seed = line.Number("--seed", 1),
            Log = true,
        });
    }

    /// <summary>Starts, says so, waits for SIGTERM or SIGINT. The caller disposes, which stops.</summary>
    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<int> RunAsync(Func<Task> start, string what)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            asked.TrySetResult();
        }

        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        await start();
        Console.WriteLine($"ready: {what}");
        await asked.Task;
        return 0;
    }

    public static string Option(string[] args, string name) => args[Array.IndexOf(args, name) + 1];
}
