using SmsGateway.Smpp.Pdus;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Esme;

public sealed class BindTests
{
    [Theory]
    [InlineData("bind-trx", BindType.Transceiver, "TRX")]
    [InlineData("bind-tx", BindType.Transmitter, "TX")]
    [InlineData("bind-rx", BindType.Receiver, "RX")]
    public async Task A_bind_is_accepted_with_our_name_and_the_interface_version(string row, BindType type, string listed)
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.ConnectAsync();

        var response = await client.BindAsync(type);

        Assert.Equal(ProfileTable.Status(row), response.Status);
        Assert.Equal("SmsGateway", response.SystemId);
        Assert.True(response.Tlvs.TryGetByte(TlvTag.ScInterfaceVersion, out var version));
        Assert.Equal(0x34, version);
        var bind = Assert.Single(bench.Binds.All);
        Assert.Equal(("acme@node1#1", "acme", listed, 10), (bind.Name, bind.Party, bind.Type, bind.Window));
    }

    [Fact]
    [Trait("row", "bind-ignored")]
    public async Task Version_addresses_and_system_type_of_a_bind_are_ignored()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.ConnectAsync();

        await client.SendAsync(new BindRequest
        {
            Type = BindType.Transceiver,
            SystemId = EsmeBench.Name,
            Password = EsmeBench.Password,
            SystemType = "anything",
            InterfaceVersion = 0x50,
            AddrTon = 9,
            AddrNpi = 9,
            AddressRange = "[",
        });

        Assert.Equal(ProfileTable.Status("bind-ignored"), (await client.ReceiveAsync<BindResponse>()).Status);
    }

    [Theory]
    [InlineData("bind-unknown", "nobody", EsmeBench.Password)]
    [InlineData("bind-password", EsmeBench.Name, "guessed")]
    [InlineData("bind-password", EsmeBench.Name, "")]
    public async Task A_wrong_login_is_refused_without_a_body_and_the_connection_is_closed(string row, string name, string password)
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.ConnectAsync();

        var response = await client.BindAsync(BindType.Transceiver, name, password);

        Assert.Equal(ProfileTable.Status(row), response.Status);
        Assert.Null(response.SystemId);
        await client.ReceiveEndAsync();
        Assert.Empty(bench.Binds.All);
        Assert.Contains(bench.Log.All, line => line.StartsWith("2003 ", StringComparison.Ordinal));
        Assert.DoesNotContain(bench.Log.All, line => password.Length > 0 && line.Contains(password, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bind-disabled", false, true)]
    [InlineData("bind-no-smpp", true, false)]
    public async Task An_account_that_may_not_bind_is_refused_like_a_wrong_login(string row, bool enabled, bool smpp)
    {
        await using var bench = await EsmeBench.StartAsync(a => a with { Enabled = enabled, Smpp = a.Smpp with { Enabled = smpp } });
        await using var client = await bench.ConnectAsync();

        Assert.Equal(ProfileTable.Status(row), (await client.BindAsync(BindType.Transceiver)).Status);
    }

    [Fact]
    [Trait("row", "bind-too-many")]
    public async Task Binds_over_the_limit_of_the_node_are_refused_until_one_has_gone()
    {
        await using var bench = await EsmeBench.StartAsync(a => a with { Smpp = a.Smpp with { BindsPerNode = 2 } });
        await using var first = await bench.BoundAsync();
        await using var second = await bench.BoundAsync(BindType.Receiver);
        await using var third = await bench.ConnectAsync();

        Assert.Equal(ProfileTable.Status("bind-too-many"), (await third.BindAsync(BindType.Transmitter)).Status);

        await first.SendAsync(new Unbind());
        await first.ReceiveAsync<UnbindResp>();
        WireClient? fourth = null;
        await Eventually.TrueAsync(async () => (fourth = await BoundOrNullAsync(bench)) is not null, "the place of the bind that has gone is free");
        await using var bound = fourth;
        Assert.Equal(["acme@node1#1", "acme@node1#2"], bench.Binds.All.Select(bind => bind.Name));
    }

    [Fact]
    [Trait("row", "bind-twice")]
    public async Task A_second_bind_on_a_session_is_refused_and_the_first_stays()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();

        Assert.Equal(ProfileTable.Status("bind-twice"), (await client.BindAsync(BindType.Receiver)).Status);
        Assert.Equal(CommandStatus.Ok, (await client.SubmitAsync(EsmeBench.Message())).Status);
    }

    [Fact]
    [Trait("row", "bind-draining")]
    public async Task A_bind_on_a_node_that_stops_or_is_not_hot_may_be_tried_again()
    {
        await using var bench = await EsmeBench.StartAsync();
        bench.Accept(false);
        await using var client = await bench.ConnectAsync();
        Assert.Equal(ProfileTable.Status("bind-draining"), (await client.BindAsync(BindType.Transceiver)).Status);
        await client.ReceiveEndAsync();

        bench.Accept(true);
        await using var again = await bench.BoundAsync();
        bench.Deliver(Deliveries.Receipt());
        await again.ReceiveAsync<DeliverSm>();
    }

    [Fact]
    [Trait("row", "bind-no-configuration")]
    public async Task A_bind_before_the_configuration_is_there_may_be_tried_again()
    {
        await using var bench = await EsmeBench.StartAsync(configured: false);
        await using var client = await bench.ConnectAsync();

        Assert.Equal(ProfileTable.Status("bind-no-configuration"), (await client.BindAsync(BindType.Transceiver)).Status);
    }

    [Theory]
    [InlineData("bind-long-name", "0123456789abcdef", "x")]
    [InlineData("bind-long-password", "acme", "123456789")]
    public async Task A_bind_field_over_its_length_is_named_by_the_status_and_the_connection_closed(string row, string name, string password)
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.ConnectAsync();
        var body = Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes($"{name}\0{password}\0\0")) + "340000" + "00";

        await client.SendHexAsync($"{16 + (body.Length / 2):X8} 00000009 00000000 00000001 {body}");

        Assert.Equal(ProfileTable.Status(row), (await client.ReceiveAsync<BindResponse>()).Status);
        await client.ReceiveEndAsync();
    }

    [Fact]
    [Trait("row", "account-dropped")]
    public async Task An_account_that_is_disabled_is_unbound_and_stays_out()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.BoundAsync();

        bench.Configure(2, EsmeBench.Account() with { Enabled = false });

        var unbind = await client.ReceiveAsync<Unbind>();
        await client.SendAsync(new UnbindResp(), unbind.Sequence);
        await client.ReceiveEndAsync();
        await using var again = await bench.ConnectAsync();
        Assert.Equal(CommandStatus.BindFailed, (await again.BindAsync(BindType.Transceiver)).Status);
    }

    [Fact]
    public async Task A_request_right_behind_the_bind_waits_for_it()
    {
        await using var bench = await EsmeBench.StartAsync();
        await using var client = await bench.ConnectAsync();

        await client.SendAsync(new BindRequest { Type = BindType.Transceiver, SystemId = EsmeBench.Name, Password = EsmeBench.Password });
        await client.SendAsync(EsmeBench.Message());

        Assert.Equal(CommandStatus.Ok, (await client.ReceiveAsync<BindResponse>()).Status);
        Assert.Equal(CommandStatus.Ok, (await client.ReceiveAsync<SubmitSmResp>()).Status);
    }

    private static async Task<WireClient?> BoundOrNullAsync(EsmeBench bench)
    {
        var client = await bench.ConnectAsync();
        if ((await client.BindAsync(BindType.Transceiver)).Status == CommandStatus.Ok)
        {
            return client;
        }

        await client.DisposeAsync();
        return null;
    }
}
