using System.Text;
using SmsGateway.Host.Configuration;
using SmsGateway.Smpp.Pdus;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Carriers;

// What the carrier delivers: receipts and MOs.
public sealed class InboundTests
{
    [Fact]
    public async Task A_receipt_is_recorded_and_owed_before_it_is_acknowledged()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        var entry = (await bench.HandInAsync(1)).Single();
        await bench.CountedAsync(1, "attempt_end");
        Assert.True(bench.Smsc.Deliver(Receipt("id-1", entry.Destination)));
        await AnsweredAsync(bench, 1);
        Assert.Equal(1, await bench.CountAsync("receipt", "state = 2 AND result_code = 0 AND origin = 1"));
        Assert.Equal(1, await bench.CountAsync("outbox", "kind = 1 AND account = 'demo' AND state = 2"));
        Assert.Equal([Text("id-1")], await bench.ColumnAsync<byte[]>("SELECT body FROM outbox"));
    }

    [Fact]
    public async Task Receipts_before_the_response_find_their_attempt_afterwards()
    {
        await using var bench = await CarrierBench.StartAsync();
        var ids = 0;
        bench.Smsc.Script = (session, submit) =>
        {
            session.TrySend(Receipt($"early-{++ids}", submit.DestinationAddr), Receipt("", ""));
            return null;
        };
        await bench.ConfigureAsync();
        await bench.HandInAsync(50);
        await AnsweredAsync(bench, 50);
        Assert.Equal(50, await bench.CountAsync("parked_receipt"));
        var answered = 0;
        bench.Smsc.AnswerAll(() => new SubmitSmResp { MessageId = $"early-{++answered}" });
        await Eventually.TrueAsync(
            async () =>
            {
                await bench.Get<SmsGateway.Ledger.ReceiptLedger>().SweepAsync(CancellationToken.None);
                return await bench.CountAsync("outbox", "kind = 1 AND state = 2") == 50;
            },
            "50 receipts are owed");
        Assert.Equal((0, 50), (await bench.CountAsync("parked_receipt"), await bench.CountAsync("receipt")));
    }

    [Fact]
    public async Task The_identical_receipt_again_is_acknowledged_and_owed_once()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        var entry = (await bench.HandInAsync(1)).Single();
        await bench.CountedAsync(1, "attempt_end");
        bench.Smsc.Deliver(Receipt("id-1", entry.Destination));
        await AnsweredAsync(bench, 1);
        bench.Smsc.Deliver(Receipt("id-1", entry.Destination));
        await AnsweredAsync(bench, 2);
        Assert.Equal((1, 1), (await bench.CountAsync("receipt"), await bench.CountAsync("outbox")));
    }

    [Fact]
    public async Task Hexadecimal_ids_of_the_response_match_decimal_ones_of_the_receipt()
    {
        await using var bench = await CarrierBench.StartAsync();
        bench.Smsc.Script = (_, _) => new SubmitSmResp { MessageId = "4f2a" };
        await bench.ConfigureAsync(carrier => carrier with
        {
            Quirks = new CarrierQuirks { SubmitIdNotation = IdNotation.Hex, ReceiptIdNotation = IdNotation.Decimal },
        });
        var entry = (await bench.HandInAsync(1)).Single();
        await bench.CountedAsync(1, "attempt_end");
        bench.Smsc.Deliver(Receipt("0000020266", entry.Destination));
        await AnsweredAsync(bench, 1);
        Assert.Equal(1, await bench.CountAsync("receipt"));
    }

    [Fact]
    public async Task An_unreadable_receipt_is_stored_raw_and_acknowledged()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        bench.Smsc.Deliver(new DeliverSm { EsmClass = EsmClass.Receipt, SourceAddr = "447700900001", ShortMessage = "it has arrived"u8.ToArray() });
        await AnsweredAsync(bench, 1);
        var raw = await bench.ColumnAsync<byte[]>("SELECT raw FROM parked WHERE kind = 'receipt_unreadable' AND connector = 'carrier-a'");
        Assert.Contains("it has arrived", Encoding.Latin1.GetString(raw.Single()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_that_cannot_be_mapped_is_parked_raw_and_the_bind_goes_on()
    {
        await using var bench = await CarrierBench.StartAsync();
        // No document gets past the check with it: it stands for any fault in mapping.
        await bench.ConfigureAsync(carrier => carrier with { Quirks = new CarrierQuirks { ReceiptTimeZoneMinutes = 100_000 } });
        bench.Smsc.Deliver(Receipt("id-1", "447700900001"));
        await AnsweredAsync(bench, 1);
        bench.Smsc.Deliver(Receipt("id-2", "447700900001"));
        await AnsweredAsync(bench, 2);
        var raw = await bench.ColumnAsync<byte[]>("SELECT raw FROM parked WHERE kind = 'receipt_unreadable' AND reason LIKE 'ArgumentOutOfRangeException: %' ORDER BY at");
        Assert.Equal([true, true], raw.Select((octets, i) => Encoding.Latin1.GetString(octets).Contains($"id:id-{i + 1} ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_receipt_that_the_ledger_refuses_for_what_is_in_it_is_parked_raw_and_acknowledged()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        var id = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(5_000)); // no index row holds that
        var receipt = Receipt("", "447700900001") with { Tlvs = [Tlv.OfCString(TlvTag.ReceiptedMessageId, id)] };
        bench.Smsc.Deliver(receipt);
        await AnsweredAsync(bench, 1);
        Assert.Equal(0, await bench.CountAsync("parked_receipt"));
        var raw = await bench.ColumnAsync<byte[]>("SELECT raw FROM parked WHERE kind = 'receipt_unreadable' AND connector = 'carrier-a' AND reason LIKE '%54000%'");
        Assert.Contains(id, Encoding.Latin1.GetString(raw.Single()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_MO_that_the_ledger_refuses_for_what_is_in_it_is_parked_raw_and_acknowledged()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        await bench.ExecuteAsync("ALTER TABLE outbox ADD CONSTRAINT nobody CHECK (source <> '447700900009')");
        bench.Smsc.Deliver(new DeliverSm { SourceAddr = "447700900009", DestinationAddr = "12345", ShortMessage = "hello"u8.ToArray() });
        await AnsweredAsync(bench, 1);
        Assert.Equal(0, await bench.CountAsync("mo"));
        var raw = await bench.ColumnAsync<byte[]>("SELECT raw FROM parked WHERE kind = 'mo_unreadable' AND reason LIKE 'an MO: %23514%'");
        Assert.EndsWith("hello", Encoding.Latin1.GetString(raw.Single()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_that_cannot_be_stored_is_refused_so_that_the_carrier_repeats_it()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        var entry = (await bench.HandInAsync(1)).Single();
        await bench.CountedAsync(1, "attempt_end");
        await bench.ExecuteAsync("ALTER TABLE parked_receipt RENAME TO elsewhere");
        await bench.ExecuteAsync("ALTER TABLE receipt RENAME TO elsewhere_too");
        bench.Smsc.Deliver(Receipt("id-1", entry.Destination));
        await AnsweredAsync(bench, 1, CommandStatus.SystemError);
        await bench.ExecuteAsync("ALTER TABLE elsewhere_too RENAME TO receipt");
        await bench.ExecuteAsync("ALTER TABLE elsewhere RENAME TO parked_receipt");
        bench.Smsc.Deliver(Receipt("id-1", entry.Destination));
        await AnsweredAsync(bench, 1);
        Assert.Equal(1, await bench.CountAsync("receipt"));
    }

    [Theory]
    [InlineData("12345", "demo", 1)]
    [InlineData("+67890", "acme", 2)]
    public async Task An_mo_is_stored_for_the_account_of_its_number_before_it_is_acknowledged(string number, string account, int protocol)
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        byte[] octets = [5, 0, 3, 7, 2, 1, 0xC4, 0x00];
        bench.Smsc.Deliver(new DeliverSm
        {
            EsmClass = EsmClass.UserDataHeader,
            DataCoding = 8,
            SourceAddr = "447700900001",
            DestinationAddr = number,
            ShortMessage = octets,
        });
        await AnsweredAsync(bench, 1);
        Assert.Equal(1, await bench.CountAsync("mo", $"account = '{account}' AND connector = 'carrier-a'"));
        Assert.Equal(1, await bench.CountAsync(
            "outbox", $"kind = 2 AND account = '{account}' AND protocol = {protocol} AND esm_class = 64 AND data_coding = 8 AND source = '447700900001'"));
        Assert.Equal([octets], await bench.ColumnAsync<byte[]>("SELECT body FROM outbox"));
    }

    [Fact]
    public async Task An_mo_to_a_number_of_nobody_is_parked_and_acknowledged()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        bench.Smsc.Deliver(new DeliverSm { SourceAddr = "447700900001", DestinationAddr = "999", ShortMessage = "hello"u8.ToArray() });
        await AnsweredAsync(bench, 1);
        Assert.Equal((1, 0), (await bench.CountAsync("parked", "kind = 'mo_unroutable'"), await bench.CountAsync("outbox")));
    }

    [Fact]
    public async Task An_mo_with_the_carriers_own_id_is_forwarded_once_and_one_without_waits_until_the_firsts_answer_is_proven()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync(carrier => carrier with { Quirks = new CarrierQuirks { MoIdTlv = 0x1500 } });
        var plain = new DeliverSm { SourceAddr = "447700900001", DestinationAddr = "12345", ShortMessage = "YES"u8.ToArray() };
        var named = plain with { Tlvs = [Tlv.OfCString(0x1500, "mo-77")] };
        DeliverSm[] sent = [plain, plain, named, named];
        for (var i = 0; i < sent.Length; i++)
        {
            bench.Smsc.Deliver(sent[i]);
            await AnsweredAsync(bench, i + 1);
        }

        Assert.Equal((2, 1), (await bench.CountAsync("outbox", "kind = 2"), await bench.CountAsync("mo_suspect")));
    }

    [Fact]
    public async Task Parts_of_a_long_MO_under_one_id_of_the_carrier_are_all_forwarded()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync(carrier => carrier with { Quirks = new CarrierQuirks { MoIdTlv = 0x1500 } });
        byte[] parts = [1, 2, 2, 1];
        for (var i = 0; i < parts.Length; i++)
        {
            bench.Smsc.Deliver(new DeliverSm
            {
                EsmClass = EsmClass.UserDataHeader,
                SourceAddr = "447700900001",
                DestinationAddr = "12345",
                ShortMessage = new byte[] { 5, 0, 3, 7, 2, parts[i], (byte)'A' },
                Tlvs = [Tlv.OfCString(0x1500, "mo-77")],
            });
            await AnsweredAsync(bench, i + 1);
        }

        Assert.Equal(2, await bench.CountAsync("outbox", "kind = 2"));
    }

    [Fact]
    public async Task Parts_of_a_long_MO_with_equal_text_are_all_forwarded_where_sar_tlvs_mark_them()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync();
        for (byte number = 1; number <= 2; number++)
        {
            bench.Smsc.Deliver(new DeliverSm
            {
                SourceAddr = "447700900001",
                DestinationAddr = "12345",
                ShortMessage = "ha"u8.ToArray(),
                Tlvs =
                [
                    new Tlv(TlvTag.SarMsgRefNum, new byte[] { 1, 7 }), Tlv.OfByte(TlvTag.SarTotalSegments, 2), Tlv.OfByte(TlvTag.SarSegmentSeqnum, number),
                ],
            });
            await AnsweredAsync(bench, number);
        }

        Assert.Equal((2, 0), (await bench.CountAsync("outbox", "kind = 2 AND esm_class = 64"), await bench.CountAsync("mo_suspect")));
    }

    [Fact]
    public async Task Thousands_of_receipts_at_once_are_all_recorded_and_acknowledged()
    {
        await using var bench = await CarrierBench.StartAsync();
        await bench.ConfigureAsync(carrier => carrier with { Window = 1_000 });
        var sent = new Queue<(string Id, string Destination)>();
        bench.Smsc.Script = (_, submit) =>
        {
            var answer = bench.Smsc.Ok();
            lock (sent)
            {
                sent.Enqueue((answer.MessageId!, submit.DestinationAddr));
            }

            return answer;
        };
        await bench.HandInAsync(3_000);
        await bench.CountedAsync(3_000, "attempt_end");
        await Eventually.TrueAsync(
            () =>
            {
                while (sent.TryPeek(out var next) && bench.Smsc.Deliver(Receipt(next.Id, next.Destination)))
                {
                    sent.Dequeue();
                }

                return bench.Smsc.Responses.Count == 3_000;
            },
            "3,000 receipts are answered");
        Assert.All(bench.Smsc.Responses, answer => Assert.Equal(CommandStatus.Ok, answer.Response.Status));
        Assert.Equal((3_000, 3_000), (await bench.CountAsync("receipt"), await bench.CountAsync("outbox")));
    }

    private static byte[] Text(string id) => Encoding.ASCII.GetBytes(
        $"id:{id} sub:001 dlvrd:001 submit date:2603011355 done date:2603011400 stat:DELIVRD err:000 text:Hello");

    private static DeliverSm Receipt(string id, string handset) => new()
    {
        EsmClass = EsmClass.Receipt,
        SourceAddr = handset,
        DestinationAddr = "12345",
        ShortMessage = Text(id),
    };

    private static Task AnsweredAsync(CarrierBench bench, int count, CommandStatus status = CommandStatus.Ok) => Eventually.TrueAsync(
        () => bench.Smsc.Responses.Count(answer => answer.Response.Status == status) == count, $"{count} deliver_sm are answered {status}");
}
