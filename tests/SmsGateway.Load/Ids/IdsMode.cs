using System.Net.Sockets;
using System.Text.Json;
using SmsGateway.Load.Check;
using SmsGateway.Load.Cli;
using SmsGateway.Load.Http;
using SmsGateway.Load.Journal;
using SmsGateway.Load.Run;
using SmsGateway.Load.Smpp;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Load.Ids;

/// <summary>Mode <c>ids</c>: K client message ids, each handed in several times at once; every answer is looked at.</summary>
internal static class IdsMode
{
    private static readonly TimeSpan EmittedWithin = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(Arguments arguments, TimeProvider time, CancellationToken ct)
    {
        bool http = arguments.Text("--protocol", "http") switch
        {
            "http" => true,
            "smpp" => false,
            var other => throw new LoadFailure($"--protocol must be http or smpp, not \"{other}\""),
        };
        int ids = arguments.Number("--ids", 1000);
        int nodes = Node.From(arguments).Count;
        int times = arguments.Number("--times", nodes > 1 ? nodes : 4);
        int together = Math.Max(1, arguments.Number("--together", 16));
        bool oneBind = arguments.Flag("--one-bind");
        bool same = arguments.Text("--contents", "same") switch
        {
            "same" => true,
            "different" => false,
            var other => throw new LoadFailure($"--contents must be same or different, not \"{other}\""),
        };
        using var journals = new Journals(arguments.Urls("--carrier-control"), [], [], "");
        string? json = arguments.Optional("--json");
        var marker = Marker.New(time);
        var table = new IdTable(times, same, marksDuplicates: http);

        await using var binds = new IdsBinds();
        ICopies[] lanes = http
            ? HttpLanes(arguments, marker, times, together)
            : await SmppLanesAsync(arguments, marker, times, together, oneBind, binds, time, ct);
        int next = -1;
        await Task.WhenAll(lanes.Select(async lane =>
        {
            while (Interlocked.Increment(ref next) is var number && number < ids)
            {
                IdAnswer[] answers = await lane.SendAsync(number, same, ct);
                lock (table)
                    table.Add(marker.Of(number), answers);
            }
        }));
        Array.ForEach(lanes, lane => lane.Dispose());

        CarrierTally? tally = journals.HasCarriers ? await EmittedAsync(journals, marker, ids, time, ct) : null;
        int twice = tally is null ? 0 : Enumerable.Range(0, ids).Count(i => tally.Taken(i) > 1);
        bool passed = table.Good == ids && (tally is null || (tally.Emitted == ids && twice == 0));
        Print(table, tally, nodes, times, twice, passed);
        if (json is not null)
        {
            await File.WriteAllTextAsync(
                json, JsonSerializer.Serialize(new { run = marker.Run, passed, table.Ids, table.Good, table.DistinctIds, table.Answers, emitted = tally?.Emitted, twice, table.Bad }), ct);
        }

        return passed ? 0 : 1;
    }

    private static ICopies[] HttpLanes(Arguments arguments, Marker marker, int times, int together)
    {
        HttpLoadOptions options = HttpLoadOptions.From(arguments);
        arguments.NoneLeft();
        var forms = new FormMaker(options, marker);
        return [.. Enumerable.Range(0, together).Select(i => new HttpCopies(options, forms, times, i))];
    }

    private static async Task<ICopies[]> SmppLanesAsync(
        Arguments arguments, Marker marker, int times, int together, bool oneBind, IdsBinds binds, TimeProvider time, CancellationToken ct)
    {
        SmppLoadOptions options = SmppLoadOptions.From(arguments);
        arguments.NoneLeft();
        var maker = new MessageMaker(options, marker);
        try
        {
            // As many at each node: the copies of an id go to consecutive binds, so to different nodes.
            int each = Math.Max(1, options.Binds / options.Targets.Count);
            await binds.OpenAsync(options.Targets, each * options.Targets.Count, options.Account, options.Password, time, ct);
        }
        catch (Exception e) when (e is SocketException or IOException or SessionEndedException)
        {
            throw new LoadFailure($"cannot bind: {e.Message}");
        }

        return [.. Enumerable.Range(0, together).Select(i => new SmppCopies(maker, binds.Sessions, times, oneBind, i))];
    }

    private static async Task<CarrierTally> EmittedAsync(Journals journals, Marker marker, int ids, TimeProvider time, CancellationToken ct)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(250), time);
        long start = time.GetTimestamp();
        CarrierTally tally;
        do
        {
            tally = await journals.TallyAsync(marker, ids, 0, ct);
        }
        while (tally.Emitted < ids && time.GetElapsedTime(start) < EmittedWithin && await beat.WaitForNextTickAsync(ct));
        // A second submit of an id would come after the first: one more look.
        await beat.WaitForNextTickAsync(ct);
        return await journals.TallyAsync(marker, ids, 0, ct);
    }

    private static void Print(IdTable table, CarrierTally? tally, int nodes, int times, int twice, bool passed)
    {
        Console.WriteLine($"  ids handed in                {table.Ids}, {times} times each, at {nodes} nodes");
        foreach ((string answer, int count) in table.Answers)
            Console.WriteLine($"  answers {answer,-20} {count}");
        Console.WriteLine($"  distinct gateway ids         {table.DistinctIds}");
        Console.WriteLine($"  ids answered as promised     {table.Good}");
        if (tally is not null)
            Console.WriteLine($"  submits at carriers          {tally.Submits} of {tally.Emitted} messages, {twice} more than once");
        table.Bad.ForEach(bad => Console.WriteLine($"  wrong: {bad}"));
        if (tally is null)
            Console.WriteLine("  submits at carriers          not checked: no --carrier-control given");
        Console.WriteLine(passed ? "PASSED" : "FAILED");
    }
}
