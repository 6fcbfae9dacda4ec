using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Tests.Configuration;

public sealed class ConfigurationStateTests
{
    [Fact]
    public void A_follower_gets_the_snapshot_in_force_at_once_and_each_new_one_until_it_stops()
    {
        var state = new ConfigurationState();
        var seen = new List<long>();

        using (state.Follow(s => seen.Add(s.Version)))
        {
            state.Swap(Documents.Snapshot(Documents.Small, version: 1));
            state.Swap(Documents.Snapshot(Documents.Small, version: 2));
        }

        state.Swap(Documents.Snapshot(Documents.Small, version: 3));

        Assert.Equal([0, 1, 2], seen);
        Assert.Equal(3, state.Current.Version);
    }

    [Fact]
    public void A_snapshot_finds_by_name()
    {
        var snapshot = Documents.Snapshot(Documents.Small);

        Assert.Equal("demo", snapshot.Accounts["demo"].Name);
        Assert.False(snapshot.Accounts["closed"].Enabled);
        Assert.Equal("b", snapshot.Carriers["b"].Name);
        Assert.Empty(snapshot.Numbers);
        Assert.Equal(1, snapshot.MostCredentials);
    }
}
