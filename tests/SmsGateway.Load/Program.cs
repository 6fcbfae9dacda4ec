using SmsGateway.Load.Cli;
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
