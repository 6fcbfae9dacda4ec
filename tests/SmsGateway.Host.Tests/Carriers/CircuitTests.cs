using SmsGateway.Host.Carriers;
using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Tests.Carriers;

public sealed class CircuitTests
{
    private static Circuit OfThree() => new(new CarrierCircuit { Failures = 3, Pause = TimeSpan.FromSeconds(10) }, frequency: 1_000);

    [Fact]
    public void It_opens_after_so_many_failures_in_a_row_and_closes_after_the_pause()
    {
        var circuit = OfThree();
        bool[] opened = [circuit.Failed(0), circuit.Failed(1), circuit.Failed(2)];
        Assert.Equal([false, false, true], opened);
        Assert.True(circuit.IsOpen(2));
        Assert.Equal(10_000, circuit.TicksUntilClosed(2));
        Assert.True(circuit.IsOpen(10_001));
        Assert.False(circuit.IsOpen(10_002));
    }

    [Fact]
    public void A_good_answer_starts_the_count_anew()
    {
        var circuit = OfThree();
        circuit.Failed(0);
        circuit.Failed(0);
        circuit.Succeeded();
        Assert.False(circuit.Failed(0));
        Assert.False(circuit.IsOpen(0));
    }

    [Fact]
    public void After_the_pause_the_first_answer_decides()
    {
        var circuit = OfThree();
        circuit.Failed(0);
        circuit.Failed(0);
        circuit.Failed(0);
        Assert.True(circuit.Failed(10_000));
        Assert.True(circuit.IsOpen(10_001));
        circuit.Succeeded();
        Assert.False(circuit.Failed(20_000));
    }

    [Fact]
    public void Failures_while_it_is_open_do_not_prolong_the_pause()
    {
        var circuit = OfThree();
        circuit.Failed(0);
        circuit.Failed(0);
        circuit.Failed(0);
        Assert.False(circuit.Failed(9_000));
        Assert.False(circuit.IsOpen(10_000));
    }
}
