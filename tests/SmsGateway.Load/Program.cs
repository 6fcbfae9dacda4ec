using SmsGateway.Load.Bench;
using SmsGateway.Load.Cli;
using SmsGateway.Load.Http;
using SmsGateway.Load.Ids;
using SmsGateway.Load.Run;
using SmsGateway.Load.Smpp;

if (args.Length == 0 || args.Contains("--help"))
{
    Console.WriteLine(Help.Text);
    return args.Length == 0 ? 2 : 0;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

try
{
    var arguments = new Arguments(args.AsSpan(1));
    TimeProvider time = TimeProvider.System;
    return args[0] switch
    {
        "smpp" => await SmppMode.RunAsync(arguments, time, stop.Token),
        "http" => await HttpMode.RunAsync(arguments, time, stop.Token),
        "ids" => await IdsMode.RunAsync(arguments, time, stop.Token),
        "bench-codec" => CodecBench.Run(arguments, time),
        "bench-protocol" => await ProtocolBench.RunAsync(arguments, time, stop.Token),
        ProtocolBench.ServerMode => await ProtocolBench.ServeAsync(time),
        _ => throw new LoadFailure($"unknown mode {args[0]}; see --help"),
    };
}
catch (LoadFailure e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("stopped");
    return 130;
}
