using SmsGateway.Host.Flow;

namespace SmsGateway.Host.Tests.Flow;

public sealed class DeliveriesInMemoryTests
{
    private readonly DeliveriesInMemory _memory = new();
    private readonly Guid _id = Guid.NewGuid();

    [Fact]
    public void A_row_that_is_held_is_not_taken_a_second_time()
    {
        Assert.True(_memory.TryAdd(_id, "demo"));
        Assert.False(_memory.TryAdd(_id, "demo"));
        Assert.Equal(1, _memory.CountOf("demo"));
    }

    [Fact]
    public void A_row_acknowledged_while_the_outbox_was_being_read_is_known_to_have_left()
    {
        _memory.TryAdd(_id, "demo");
        _memory.BeginRead();
        _memory.Remove(_id);

        Assert.True(_memory.HoldsOrHeld(_id));
        _memory.EndRead();
        Assert.False(_memory.HoldsOrHeld(_id));
    }

    [Fact]
    public async Task A_row_that_leaves_while_it_is_asked_for_is_known()
    {
        var ids = Enumerable.Range(0, 200_000).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var id in ids)
        {
            _memory.TryAdd(id, "demo");
        }

        _memory.BeginRead();
        var leaving = Task.Run(() => Array.ForEach(ids, _memory.Remove));
        var unknown = ids.Count(id => !_memory.HoldsOrHeld(id));
        await leaving;

        Assert.Equal(0, unknown);
    }
}
