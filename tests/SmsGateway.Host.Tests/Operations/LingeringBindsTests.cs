using SmsGateway.Host.Operations;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Operations;

public sealed class LingeringBindsTests
{
    [Fact]
    public void A_bind_is_known_while_its_socket_is_open_and_until_it_has_drained()
    {
        var time = new ManualTimeProvider();
        var binds = new LingeringBinds(new SocketDrain(TimeSpan.FromSeconds(30)), time);
        binds.Opened("carrier-a@n#1");
        binds.Opened("carrier-a@n#2");
        time.Advance(TimeSpan.FromHours(1));
        binds.Closed("carrier-a@n#1");
        Assert.Equal(["carrier-a@n#1", "carrier-a@n#2"], binds.Names.Order());
        time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.Equal(2, binds.Names.Count);
        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(["carrier-a@n#2"], binds.Names);
        binds.Opened("carrier-a@n#3");
        Assert.Equal(["carrier-a@n#2", "carrier-a@n#3"], binds.Names.Order());
    }
}
