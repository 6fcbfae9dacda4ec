using SmsGateway.Simulator;
using SmsGateway.Simulator.Carrier;
using SmsGateway.Simulator.Sink;

const string Usage = """
    usage: SmsGateway.Simulator carrier --listen ADDRESS:PORT --control ADDRESS:PORT [--name NAME] [--seed N]
                                        [--system-id ID] [--password PASSWORD] [--behaviour FILE]
           SmsGateway.Simulator sink    --listen ADDRESS:PORT [--journal FILE] [--seed N]
    """;

try
{
    switch (args)
    {
        case ["carrier", .. var options]:
            await using (CarrierSimulator carrier = Modes.Carrier(options))
                return await Modes.RunAsync(carrier.StartAsync, $"carrier on {Modes.Option(options, "--listen")}, control on {Modes.Option(options, "--control")}");
        case ["sink", .. var options]:
            await using (CallbackSink sink = Modes.Sink(options))
                return await Modes.RunAsync(sink.StartAsync, $"sink on {Modes.Option(options, "--listen")}");
        default:
            await Console.Error.WriteLineAsync(Usage);
            return args is ["--help"] ? 0 : 2;
    }
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n{Usage}");
    return 2;
}
catch (IOException e)
{
    await Console.Error.WriteLineAsync($"cannot start: {e.Message}");
    return 1;
}
