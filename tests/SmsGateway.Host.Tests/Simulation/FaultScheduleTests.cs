using SmsGateway.Load.Cli;
using SmsGateway.Load.Faults;
using SmsGateway.Load.Run;

namespace SmsGateway.Host.Tests.Simulation;

public sealed class FaultScheduleTests
{
    [Fact]
    public void A_site_is_two_names_hurt_at_once()
    {
        FaultRule rule = FaultRule.Parse("kill:smsc1.dc3+smsc2.dc3@2.5-5x3");
        Assert.Equal((FaultKind.Kill, false, 2.5, 5.0, 3), (rule.Kind, rule.InTurn, rule.FromSeconds, rule.ToSeconds, rule.Times));
        Assert.Equal(["smsc1.dc3", "smsc2.dc3"], Assert.Single(rule.Groups));
        Assert.All(FaultSchedule.Of([rule], 1), step => Assert.Equal(["smsc1.dc3", "smsc2.dc3"], step.Names));
    }

    [Fact]
    public void What_is_not_said_is_once_and_two_to_five_seconds_in()
    {
        FaultRule rule = FaultRule.Parse("stop:a");
        Assert.Equal((FaultKind.Stop, 30.0, 2.0, 5.0, 1), (rule.Kind, rule.StopSeconds, rule.FromSeconds, rule.ToSeconds, rule.Times));
        Assert.Equal((40.0, 7.0, 7.0), FaultRule.Parse("stop40:postgres@7") is var r ? (r.StopSeconds, r.FromSeconds, r.ToSeconds) : default);
    }

    [Theory]
    [InlineData("kill")]
    [InlineData("kill:")]
    [InlineData("burn:a")]
    [InlineData("stopx:a")]
    [InlineData("kill:a@")]
    [InlineData("kill:a@5-2")]
    [InlineData("kill:a@1-2-3")]
    [InlineData("kill:a@1x0")]
    [InlineData("kill:a,b/c")]
    [InlineData("kill:a++b")]
    public void A_rule_that_cannot_be_read_is_said_and_not_guessed(string text)
        => Assert.Contains("--fault", Assert.Throws<LoadFailure>(() => FaultRule.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void One_of_several_is_chosen_by_the_seed_and_the_same_seed_chooses_the_same()
    {
        FaultRule rule = FaultRule.Parse("kill:a,b+c,d@2-5x40");
        IReadOnlyList<FaultStep> steps = FaultSchedule.Of([rule], 7);
        IReadOnlyList<FaultStep> again = FaultSchedule.Of([rule], 7);
        IReadOnlyList<FaultStep> other = FaultSchedule.Of([rule], 8);
        Assert.Equal(steps.Select(s => (string.Join('+', s.Names), s.WaitSeconds)), again.Select(s => (string.Join('+', s.Names), s.WaitSeconds)));
        Assert.NotEqual(steps.Select(s => s.WaitSeconds), other.Select(s => s.WaitSeconds));
        Assert.Equal(["a", "b+c", "d"], steps.Select(s => string.Join('+', s.Names)).Distinct().Order());
        Assert.All(steps, step => Assert.InRange(step.WaitSeconds, 2, 5));
    }

    [Fact]
    public void One_after_the_other_is_every_one_in_the_order_given_and_again_in_each_round()
    {
        IReadOnlyList<FaultStep> steps = FaultSchedule.Of([FaultRule.Parse("term:a/b/c@1x2"), FaultRule.Parse("stop5:d@9")], 1);
        Assert.Equal(["a", "b", "c", "a", "b", "c", "d"], steps.Select(s => Assert.Single(s.Names)));
        Assert.Equal([1, 1, 1, 1, 1, 1, 9], steps.Select(s => s.WaitSeconds));
        Assert.Equal((FaultKind.Stop, 5.0), (steps[^1].Kind, steps[^1].StopSeconds));
    }

    [Fact]
    public void What_nobody_named_and_what_would_be_dead_already_is_refused_before_the_run()
    {
        IReadOnlyList<FaultStep> twice = FaultSchedule.Of([FaultRule.Parse("kill:a@1x2")], 1);
        Assert.Contains("a would be hurt after its end", Assert.Throws<LoadFailure>(() => FaultSchedule.Check(twice, ["a"], restarts: false)).Message, StringComparison.Ordinal);
        FaultSchedule.Check(twice, ["a"], restarts: true);
        Assert.Contains("known: b", Assert.Throws<LoadFailure>(() => FaultSchedule.Check(twice, ["b"], restarts: true)).Message, StringComparison.Ordinal);
        FaultSchedule.Check(FaultSchedule.Of([FaultRule.Parse("stop:a@1x2")], 1), ["a"], restarts: false);
    }

    [Fact]
    public void Nodes_keep_their_order_and_say_where_they_are_hurt_and_asked()
    {
        IReadOnlyList<Node> nodes = Node.From(Read(
            "--to", "127.0.0.9:2775,127.0.0.8:2775", "--node", "smsc1.dc3=127.0.1.1:2775,http://127.0.1.1:8081,.local/run/smsc1.dc3.pid", "--node", "smsc2.dc3=127.0.1.2:2775"));
        Assert.Equal(["smsc1.dc3", "smsc2.dc3", "127.0.0.9:2775", "127.0.0.8:2775"], nodes.Select(n => n.Name));
        Assert.Equal(new Node("smsc1.dc3", "127.0.1.1:2775", new Uri("http://127.0.1.1:8081"), ".local/run/smsc1.dc3.pid"), nodes[0]);
        Assert.Throws<LoadFailure>(() => Node.From(Read("--node", "smsc1.dc3")));
        Assert.Throws<LoadFailure>(() => Node.From(Read("--node", "a=h:1", "--node", "a=h:2")));
        Assert.Throws<LoadFailure>(() => Node.From(Read()));
    }

    [Fact]
    public void A_plan_takes_its_victims_from_nodes_and_from_pids()
    {
        string[] options =
        [
            "--node", "a=h:1,http://h:2,a.pid", "--node", "b=h:3", "--fault", "kill:a@1", "--fault", "stop40:postgres@1", "--restart", "up {node}", "--restart-after", "25",
        ];
        Arguments arguments = Read(options);
        FaultPlan plan = FaultPlan.From(arguments, Node.From(arguments), [("postgres", "@pg.pid")])!;
        Assert.Equal((2, "up {node}", 25.0), (plan.Steps.Count, plan.Restart, plan.RestartAfter.TotalSeconds));
        Assert.Equal(new Victim("a", "@a.pid", 0, new Uri("http://h:2")), plan.Victims["a"]);
        Assert.Equal(new Victim("postgres", "@pg.pid", -1, null), plan.Victims["postgres"]);
        Assert.False(plan.Victims.ContainsKey("b"));
    }

    [Fact]
    public void The_short_form_for_one_node_is_a_rule_like_any_other()
    {
        Arguments arguments = Read("--to", "h:1", "--kill", "smsc1.dc3", "--pid-file", "x.pid", "--restart", "up", "--at", "3-4", "--kills", "10", "--seed", "7");
        FaultPlan plan = FaultPlan.From(arguments, Node.From(arguments), [])!;
        Assert.Equal(10, plan.Steps.Count);
        Assert.Equal(new Victim("smsc1.dc3", "@x.pid", 0, null), plan.Victims["smsc1.dc3"]);
        Assert.All(plan.Steps, step => Assert.InRange(step.WaitSeconds, 3, 4));
        Assert.Null(FaultPlan.From(Read("--to", "h:1"), [], []));
    }

    private static Arguments Read(params string[] options) => new(options);
}
