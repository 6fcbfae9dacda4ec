using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Esme;

public sealed class SubmitFieldTests
{
    [Theory]
    [InlineData("esm-class", 0x02)]
    [InlineData("esm-class", 0x04)]
    [InlineData("esm-class", 0x20)]
    [InlineData("esm-class", 0x3F)]
    public async Task An_esm_class_that_is_not_for_submit_is_refused(string row, byte esmClass) =>
        await RefusedAsync(row, EsmeBench.Message() with { EsmClass = esmClass });

    [Theory]
    [InlineData("esm-kept", 0x00, 0x00)]
    [InlineData("esm-kept", 0x01, 0x00)]
    [InlineData("esm-kept", 0x03, 0x00)]
    [InlineData("esm-kept", 0x08, 0x08)]
    [InlineData("esm-kept", 0x90, 0x90)]
    public async Task Types_and_reply_path_are_passed_on_and_the_mode_is_dropped(string row, byte sent, byte passed) =>
        Assert.Equal(passed, (await TakenAsync(row, EsmeBench.Message() with { EsmClass = sent })).EsmClass);

    [Theory]
    [InlineData("priority", 0, null, Priority.InteractiveLow)]
    [InlineData("priority", 1, Priority.Bulk, Priority.Bulk)]
    [InlineData("priority", 2, Priority.InteractiveLow, Priority.InteractiveLow)]
    [InlineData("priority", 3, Priority.Interactive, Priority.Interactive)]
    public async Task Priority_flag_0_is_the_accounts_default(string row, byte flag, Priority? asked, Priority priority)
    {
        var submission = await TakenAsync(
            row, EsmeBench.Message() with { PriorityFlag = flag }, a => a with { DefaultPriority = Priority.InteractiveLow });
        Assert.Equal((asked, priority), (submission.PriorityAsked, submission.Priority));
    }

    [Fact]
    [Trait("row", "priority-bad")]
    public async Task A_priority_above_3_is_refused() => await RefusedAsync("priority-bad", EsmeBench.Message() with { PriorityFlag = 4 });

    [Theory]
    [InlineData("registered", 0x00, RegisteredReceipts.None)]
    [InlineData("registered", 0x01, RegisteredReceipts.All)]
    [InlineData("registered", 0x02, RegisteredReceipts.Failures)]
    [InlineData("registered", 0x10, RegisteredReceipts.All)]
    [InlineData("registered", 0x11, RegisteredReceipts.All)]
    [InlineData("registered", 0x12, RegisteredReceipts.Failures)]
    [InlineData("registered", 0x0D, RegisteredReceipts.All)]
    public async Task Registered_delivery_says_which_receipts(string row, byte field, RegisteredReceipts receipts) =>
        Assert.Equal(receipts, (await TakenAsync(row, EsmeBench.Message() with { RegisteredDelivery = field })).Registered);

    [Fact]
    [Trait("row", "registered-bad")]
    public async Task The_reserved_registered_delivery_is_refused() =>
        await RefusedAsync("registered-bad", EsmeBench.Message() with { RegisteredDelivery = 3 });

    [Theory]
    [InlineData("validity", "", null)]
    [InlineData("validity", "000000010000000R", "2026-01-01T01:00:00Z")]
    [InlineData("validity", "260102120000004+", "2026-01-02T11:00:00Z")]
    public async Task Validity_is_relative_or_absolute(string row, string field, string? until)
    {
        var submission = await TakenAsync(row, EsmeBench.Message() with { ValidityPeriod = field }, time: new ManualTimeProvider());
        Assert.Equal(until is null ? null : DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture), submission.ValidUntil);
    }

    [Theory]
    [InlineData("validity-bad", "garbage")]
    [InlineData("validity-bad", "261302120000000+")]
    [InlineData("validity-past", "250101000000000+")]
    [InlineData("validity-past", "000000000000000R")]
    public async Task A_validity_that_is_malformed_or_past_is_refused(string row, string field) =>
        await RefusedAsync(row, EsmeBench.Message() with { ValidityPeriod = field }, time: new ManualTimeProvider());

    [Fact]
    [Trait("row", "ignored")]
    public async Task What_the_profile_ignores_changes_nothing()
    {
        var submission = await TakenAsync("ignored", EsmeBench.Message() with
        {
            ServiceType = "CMT",
            SourceAddrTon = 5,
            SourceAddrNpi = 18,
            DestAddrTon = 6,
            DestAddrNpi = 9,
            ScheduleDeliveryTime = "nonsense",
            ReplaceIfPresentFlag = 1,
            Tlvs = [Tlv.OfUInt16(TlvTag.UserMessageReference, 7), new Tlv(0x3FFF, new byte[] { 1, 2, 3 }), Tlv.OfByte(TlvTag.PayloadType, 9)],
        });
        Assert.Equal((EsmeBench.Sender, EsmeBench.Handset, "hello"), (submission.Sender, submission.Destination, submission.Text));
    }

    [Fact]
    public async Task Protocol_id_and_registration_are_carried()
    {
        var submission = await TakenAsync("submit", EsmeBench.Message() with { ProtocolId = 0x41 });
        Assert.Equal((0x41, Protocol.Smpp), (submission.ProtocolId, submission.Protocol));
    }

    [Fact]
    [Trait("row", "default-message")]
    public async Task Predefined_messages_do_not_exist() =>
        await RefusedAsync("default-message", EsmeBench.Message() with { SmDefaultMsgId = 1 });

    [Theory]
    [InlineData("destination", "447700900123")]
    [InlineData("destination", "+447700900123")]
    public async Task A_leading_plus_of_the_destination_is_removed(string row, string address) =>
        Assert.Equal("447700900123", (await TakenAsync(row, EsmeBench.Message() with { DestinationAddr = address })).Destination);

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("123456")]
    [InlineData("1234567890123456")]
    [InlineData("0447700900123")]
    [InlineData("44 7700900123")]
    [InlineData("++447700900123")]
    [InlineData("44770090012a")]
    [Trait("row", "destination-bad")]
    public async Task A_destination_that_is_no_international_number_is_refused(string address)
    {
        var bench = await RefusedAsync("destination-bad", EsmeBench.Message() with { DestinationAddr = address });
        Assert.DoesNotContain(bench.Log.All, line => address.Length > 1 && line.Contains(address, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("source", "67890", "67890")]
    [InlineData("source", "+67890", "67890")]
    [InlineData("source-empty", "", "67890")]
    public async Task The_source_is_a_sender_of_the_account(string row, string source, string sender) =>
        Assert.Equal(sender, (await TakenAsync(row, EsmeBench.Message() with { SourceAddr = source })).Sender);

    [Theory]
    [InlineData("12345")]
    [InlineData("")]
    [InlineData("+")]
    [Trait("row", "source-bad")]
    public async Task Any_other_source_is_refused(string source) =>
        await RefusedAsync("source-bad", EsmeBench.Message() with { SourceAddr = source }, a => a with { Senders = ["67890", "ACME"] });

    [Fact]
    [Trait("row", "tlvs")]
    public async Task The_vendor_parameters_are_taken_with_or_without_their_nul()
    {
        var submission = await TakenAsync("tlvs", EsmeBench.Message() with
        {
            Tlvs =
            [
                Tlv.OfCString(TlvTag.CarrierId, "carrier-a"),
                new Tlv(TlvTag.ClientMessageId, "order-4711"u8.ToArray()),
                Tlv.OfCString(TlvTag.AppId, "app"),
                new Tlv(TlvTag.ConversationId, "übung\0"u8.ToArray()),
            ],
        });
        Assert.Equal(
            ("carrier-a", "order-4711", "app", "übung"),
            (submission.CarrierAsked, submission.ClientMessageId, submission.AppId, submission.ConversationId));
    }

    [Fact]
    [Trait("row", "tlvs")]
    public async Task Empty_carrier_and_echoes_count_as_absent()
    {
        var submission = await TakenAsync("tlvs", EsmeBench.Message() with
        {
            Tlvs = [Tlv.OfCString(TlvTag.CarrierId, ""), Tlv.OfCString(TlvTag.AppId, ""), Tlv.OfCString(TlvTag.ConversationId, "")],
        });
        Assert.Equal((null, null, null, null), (submission.CarrierAsked, submission.ClientMessageId, submission.AppId, submission.ConversationId));
    }

    [Theory]
    [InlineData(TlvTag.ClientMessageId, "")]
    [InlineData(TlvTag.ClientMessageId, "00")]
    [InlineData(TlvTag.ClientMessageId, "410A")]
    [InlineData(TlvTag.ClientMessageId, "C3")]
    [InlineData(TlvTag.AppId, "01")]
    [InlineData(TlvTag.CarrierId, "FF")]
    [InlineData(TlvTag.ConversationId, "7F")]
    [Trait("row", "tlv-bad")]
    public async Task A_vendor_parameter_that_is_no_text_is_refused(ushort tag, string octets) =>
        await RefusedAsync("tlv-bad", EsmeBench.Message() with { Tlvs = [new Tlv(tag, Convert.FromHexString(octets))] });

    [Fact]
    [Trait("row", "tlv-bad")]
    public async Task A_client_message_id_has_up_to_64_characters()
    {
        var longest = new string('é', 64);
        var submission = await TakenAsync("tlvs", EsmeBench.Message() with { Tlvs = [Utf8(longest)] });
        Assert.Equal(longest, submission.ClientMessageId);
        await RefusedAsync("tlv-bad", EsmeBench.Message() with { Tlvs = [Utf8(longest + "x")] });

        static Tlv Utf8(string id) => new(TlvTag.ClientMessageId, System.Text.Encoding.UTF8.GetBytes(id));
    }

    internal static async Task<Submission> TakenAsync(
        string row, SubmitSm pdu, Func<AccountSettings, AccountSettings>? account = null, TimeProvider? time = null)
    {
        await using var bench = await EsmeBench.StartAsync(account, time: time);
        await using var client = await bench.BoundAsync();
        Assert.Equal(ProfileTable.Status(row), (await client.SubmitAsync(pdu)).Status);
        return await bench.SubmissionAsync();
    }

    internal static async Task<EsmeBench> RefusedAsync(
        string row, SubmitSm pdu, Func<AccountSettings, AccountSettings>? account = null, TimeProvider? time = null)
    {
        await using var bench = await EsmeBench.StartAsync(account, time: time);
        bench.Answer = _ => throw new InvalidOperationException("it was handed to Flow");
        await using var client = await bench.BoundAsync();
        var response = await client.SubmitAsync(pdu);
        Assert.Equal(ProfileTable.Status(row), response.Status);
        Assert.Null(response.MessageId);
        Assert.DoesNotContain(bench.Log.All, line => line.StartsWith("2007 ", StringComparison.Ordinal));
        return bench;
    }
}
