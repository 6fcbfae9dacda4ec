using System.Text;
using SmsGateway.Load.Check;
using SmsGateway.Load.Journal;

namespace SmsGateway.Host.Tests.Simulation;

// Seconds of the run; node 0 is hurt at 10.
public sealed class ResumptionTests
{
    private const double At = 10;
    private readonly List<Passage> _passages = [];
    private readonly List<RefusedAt> _refusals = [];

    [Fact]
    public void Only_what_the_hurt_node_had_accepted_before_and_a_carrier_took_after_it_resumed()
    {
        _passages.AddRange(
        [
            new Passage(0, 9.0, 9.5),         // gone before
            new Passage(0, 9.9, 10.01),       // drained from the dead socket
            new Passage(0, 9.9, 22.5),        // adopted
            new Passage(0, 9.9, 24.0),
            new Passage(0, 9.9, double.NaN),  // never seen
            new Passage(0, 15.0, 16.0),       // accepted after its restart
            new Passage(1, 9.9, 23.0),        // another node's
        ]);
        Resumption resumption = Of(2, 0);
        Assert.Equal((3, 2), (resumption.Resumed, resumption.Later));
        Assert.Equal(0.01, resumption.FirstSeconds!.Value, 6);
        Assert.Equal(14.0, resumption.LastSeconds!.Value, 6);
        Assert.Equal(12.5, resumption.LaterFirstSeconds!.Value, 6);
    }

    [Fact]
    public void The_gap_is_that_of_the_other_nodes_from_the_fault_on_and_ends_with_the_watch()
    {
        _passages.AddRange([Accepted(1, 9.9), Accepted(1, 10.5), Accepted(0, 11.0), Accepted(1, 13.5), Accepted(2, 14.0), Accepted(1, 39.0), Accepted(1, 90.0)]);
        Assert.Equal(25.0, Of(3, 0).LongestGapSeconds!.Value, 6);
        _passages.RemoveAll(p => p.AcceptedAt == 39.0);
        Assert.Equal(26.0, Of(3, 0).LongestGapSeconds!.Value, 6); // 14 to the end of the watch at 40, though the next came at 90
    }

    [Fact]
    public void The_end_of_the_run_is_no_gap()
    {
        _passages.AddRange([Accepted(1, 10.2), Accepted(1, 10.4)]);
        Assert.Equal(0.2, Of(2, 0).LongestGapSeconds!.Value, 6);
        _passages.Clear();
        Assert.Null(Of(2, 0).LongestGapSeconds);
    }

    [Fact]
    public void When_all_nodes_are_hurt_or_none_every_node_is_looked_at()
    {
        _passages.AddRange([Accepted(0, 10.5), Accepted(0, 14.5)]);
        _refusals.Add(new RefusedAt(0, 12, "0x08"));
        Assert.Equal((4.0, 1), (Of(1, 0).LongestGapSeconds!.Value, Of(1, 0).Refused["0x08"]));
        Assert.Equal((4.0, 0), (Of(1).LongestGapSeconds!.Value, Of(1).Resumed));
    }

    [Fact]
    public void Refusals_of_the_other_nodes_in_the_thirty_seconds_after_it_are_told_by_status()
    {
        _refusals.AddRange([new(1, 9.9, "0x58"), new(1, 10.1, "0x58"), new(2, 39.9, "0x58"), new(1, 12, "0x08"), new(0, 12, "0x08"), new(1, 40.1, "0x08")]);
        Assert.Equal([("0x08", 1), ("0x58", 2)], Of(3, 0).Refused.Select(r => (r.Key, r.Value)));
    }

    [Fact]
    public void The_next_fault_ends_the_watch_of_the_one_before()
    {
        _passages.AddRange([Accepted(1, 11), Accepted(1, 14), Accepted(1, 30)]);
        _refusals.AddRange([new(1, 14.9, "0x08"), new(1, 15.1, "0x08")]);
        Resumption resumption = Of(watch: 5, 2, 0);
        Assert.Equal((3.0, 1), (resumption.LongestGapSeconds!.Value, resumption.Refused["0x08"]));
    }

    [Fact]
    public void The_middle_of_a_run_leaves_out_its_ragged_ends_and_counts_empty_seconds()
    {
        var seconds = new SecondTally();
        for (int second = 0; second < 12; second++)
        {
            int submits = second switch
            {
                0 or 11 => 3,      // not whole
                1 or 10 => 500,    // a tenth at each end
                6 => 0,
                _ => 100,
            };
            for (int i = 0; i < submits; i++)
                seconds.Add((second * 1_000_000L) + i);
        }

        Assert.Equal(new SecondRange(8, 0, 100, 87.5), seconds.Middle());
        Assert.Equal((0L, 11L, 500), (seconds.Span.First, seconds.Span.Last, seconds.At(1)));
    }

    [Fact]
    public void A_run_too_short_for_a_middle_has_none()
    {
        var seconds = new SecondTally();
        Assert.Equal(default, seconds.Middle());
        seconds.Add(1_000_000);
        seconds.Add(2_500_000);
        Assert.Equal(default, seconds.Middle());
    }

    [Fact]
    public void The_carriers_clock_says_when_the_first_submit_that_was_taken_came_and_each_carrier_has_its_seconds()
    {
        var tally = new CarrierTally(new Marker("mtest01"), 3, originMicros: 1_000_000_000);
        Add("carrier-a#1", 1_002_500_000, 0, "0");
        Add("carrier-b#12", 1_001_500_000, 0, "0");
        Add("carrier-a#2", 1_000_400_000, 0, "88");
        Add("carrier-a#1", 1_000_000_000, 1, "0");
        Assert.Equal([1.5, 0, double.NaN], [tally.TakenAfter(0), tally.TakenAfter(1), tally.TakenAfter(2)]);
        Assert.Equal([("carrier-a", 2), ("carrier-b", 0)], tally.Seconds.Select(s => (s.Key, s.Value.At(1000))));

        void Add(string bind, long at, int number, string status)
            => tally.Add(Encoding.ASCII.GetBytes($"1\t{at}\t{bind}\t1\t44\t7\t{status}\t2\t2\t1\t0\tff\tmtest01-{number} text"));
    }

    private static Passage Accepted(int node, double at) => new(node, at, double.NaN);

    private Resumption Of(int nodes, params int[] hurt) => Of(30.0, nodes, hurt);

    private Resumption Of(double watch, int nodes, params int[] hurt) => Resumption.Of(At, watch, hurt.ToHashSet(), nodes, _passages, _refusals);
}
