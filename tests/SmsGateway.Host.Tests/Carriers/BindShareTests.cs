using SmsGateway.Host.Carriers;

namespace SmsGateway.Host.Tests.Carriers;

public sealed class BindShareTests
{
    [Theory]
    [InlineData(4, 2, new int[0], int.MaxValue)] // alone
    [InlineData(4, 4, new[] { 0 }, 2)]
    [InlineData(3, 3, new[] { 0 }, 2)] // an equal part, rounded up
    [InlineData(3, 3, new[] { 1 }, int.MaxValue)] // the other has its part, rounded down
    [InlineData(8, 2, new[] { 2, 2, 1 }, 2)] // wants two, has one
    [InlineData(8, 2, new[] { 2, 2, 2 }, int.MaxValue)] // nobody wants more than two
    [InlineData(2, 2, new[] { 0, 0, 1 }, int.MaxValue)] // too few for all: who has one keeps it
    [InlineData(10, 4, new[] { 4, 1, 3 }, 3)]
    public void A_node_keeps_what_it_has_unless_another_has_less_than_an_equal_part(int maxBinds, int perNode, int[] others, int limit) =>
        Assert.Equal(limit, BindShare.Limit(maxBinds, perNode, isHot: true, others));

    [Fact]
    public void A_node_that_is_not_hot_leaves_all_to_those_that_are()
    {
        Assert.Equal(0, BindShare.Limit(4, 4, isHot: false, [2, 1]));
        Assert.Equal(int.MaxValue, BindShare.Limit(4, 4, isHot: false, [2, 2]));
        Assert.Equal(int.MaxValue, BindShare.Limit(4, 4, isHot: false, []));
    }
}
