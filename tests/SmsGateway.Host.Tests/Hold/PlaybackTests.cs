using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SmsGateway.Host.Carriers;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Tests.Flow;
using SmsGateway.Ledger;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Hold;

/// <summary>Journals played into a real ledger: once, again, from the middle, with what may be in them.</summary>
public sealed class PlaybackTests : IAsyncLifetime
{
    private HoldNode _node = null!;
    private DateTimeOffset _now;

    public async Task InitializeAsync()
    {
        _node = await HoldNode.StartAsync(await FlowNode.DatabaseAsync(), more: [("Ledger:LeaseValidFor", "00:10:00"), ("Ledger:LeaseDeadAfter", "00:20:00")]);
        await _node.Node.KillAsync(); // its loops stand still: nobody plays or sweeps but the test
        _now = TimeProvider.System.GetUtcNow();
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    private NewEntry Entry(string key, string text = "hello", FirstAttempt? first = null, TimeSpan? validity = null) => Facts.Entry(text) with
    {
        Id = _node.Node.Get<NodeIdentity>().Keys.ForClientMessageId("demo", key),
        ContentHash = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16]),
        Nonce = Random.Shared.NextInt64(),
        ClientMessageId = key,
        Registered = RegisteredReceipts.All,
        Payloads = [Encoding.UTF8.GetBytes(text)],
        AcceptedAt = _now,
        ValidUntil = _now + (validity ?? TimeSpan.FromHours(1)),
        FirstAttempt = first,
    };

    private async Task TakeAsync(params HeldFact[] facts)
    {
        foreach (var fact in facts)
        {
            Assert.True(await _node.Holding.TakeAsync(fact));
        }
    }

    [Fact]
    public async Task Every_kind_of_fact_is_in_the_ledger_once_however_often_it_is_played()
    {
        var submitted = Entry("submitted", first: new FirstAttempt("carrier-a", "carrier-a@smsc1.dc3#1"));
        Assert.True((await _node.Node.Get<ClaimLedger>().ClaimAsync(submitted, CancellationToken.None)).MayEmit);
        var answered = Facts.Outcome() with
        {
            Key = new AttemptKey(new SegmentKey(submitted.Id, submitted.Day, 1), 1),
            Kind = AttemptEndKind.Answered,
            CommandStatus = 0,
            CarrierMessageId = "0a1b",
            Requeue = null,
            Final = null,
        };
        await TakeAsync(
            new HeldSubmission(Entry("one")),
            new HeldSubmission(Entry("three") with { Payloads = [[1], [2], [3]] }),
            new HeldReceipt(Facts.Receipt()), // before its answer, in the journal too
            new HeldOutcome(answered),
            new HeldMo(Facts.Mo() with { CarrierKey = null }),
            new HeldMo(Facts.Mo()),
            new HeldMo(Facts.Mo() with { Account = null, CarrierKey = null }),
            new HeldUnreadable(Guid.NewGuid(), "carrier-a", [1, 2, 3], "unreadable", _now));

        for (var round = 0; round < 3; round++)
        {
            await _node.PlayAsync(keep: true);
            await _node.Node.Get<ReceiptLedger>().SweepAsync(CancellationToken.None);

            Assert.Equal(3, await _node.CountAsync("entry"));
            Assert.Equal(4, await _node.CountAsync("queue"));
            Assert.Equal((0, 1), (await _node.CountAsync("attempt"), await _node.CountAsync("attempt_end WHERE kind = 1")));
            Assert.Equal((1, 0), (await _node.CountAsync("receipt"), await _node.CountAsync("parked_receipt")));
            Assert.Equal(2, await _node.CountAsync("mo"));
            Assert.Equal(2, await _node.CountAsync("parked"));
            Assert.Equal(3, await _node.CountAsync("outbox")); // the receipt and two MOs
        }
    }

    [Fact]
    public async Task What_a_later_version_wrote_is_neither_parked_nor_passed_over()
    {
        await TakeAsync(new HeldSubmission(Entry("known")));
        var file = await File.ReadAllBytesAsync((await _node.Journal.SealAsync())[0].Path);
        var header = JournalHeader.Read(file);
        byte[] body = [1, 2, 3];
        var later = new byte[RecordFrame.Length + body.Length];
        body.CopyTo(later, RecordFrame.Length);
        new RecordFrame(body.Length, FactKind.Submission, FactCodec.Version + 1, _now, RecordFrame.CrcOf(header.Salt, file.Length, body)).Write(later, header.Salt, file.Length);

        await Assert.ThrowsAsync<LaterRecordException>(() => _node.Node.Get<Playback>().PlayAsync(
            (byte[])[.. file, .. later], JournalHeader.Length, (_, _, _) => ValueTask.CompletedTask, CancellationToken.None));

        Assert.Equal(0, await _node.CountAsync("parked"));
    }

    [Fact]
    public async Task A_claim_whose_COMMIT_was_unknown_is_one_message_whether_it_was_committed_or_not()
    {
        var first = new FirstAttempt("carrier-a", "carrier-a@smsc1.dc3#1");
        var (committed, lost) = (Entry("committed", first: first), Entry("lost", first: first));
        await _node.Node.Get<ClaimLedger>().ClaimAsync(committed, CancellationToken.None);
        await TakeAsync(new HeldSubmission(committed), new HeldSubmission(lost));

        for (var round = 0; round < 2; round++)
        {
            await _node.PlayAsync(keep: true);

            Assert.Equal((0, 2), (await _node.CountAsync("attempt"), await _node.CountAsync("queue")));
            Assert.Equal(1, await _node.CountAsync("attempt_end WHERE kind = 3"));
            Assert.Equal(1, await _node.CountAsync($"queue WHERE id = '{committed.Id}' AND attempt = 2"));
            Assert.Equal(1, await _node.CountAsync($"queue WHERE id = '{lost.Id}' AND attempt = 1"));
        }
    }

    [Fact]
    public async Task Played_again_after_its_message_was_sent_a_claim_with_an_unknown_first_attempt_changes_nothing()
    {
        var entry = Entry("sent", first: new FirstAttempt("carrier-a", "carrier-a@smsc1.dc3#1"));
        await TakeAsync(new HeldSubmission(entry));
        await _node.PlayAsync(keep: true);
        var segment = (await _node.Node.Get<QueueLedger>().FetchAsync("carrier-a", entry.Priority, 10, 0, CancellationToken.None))[0];
        var attempt = new NewAttempt(new AttemptKey(segment.Key, segment.Attempt), "carrier-a", "carrier-a@smsc1.dc3#9", _now.AddSeconds(1));
        Assert.Single(await _node.Node.Get<AttemptLedger>().AttemptAsync([attempt]));

        await _node.PlayAsync(keep: true);

        Assert.Equal((1, 0), (await _node.CountAsync("attempt"), await _node.CountAsync("queue")));
    }

    [Fact]
    public async Task Of_two_contents_for_one_key_in_one_journal_the_first_is_sent_and_the_second_rejected_once()
    {
        await TakeAsync(
            new HeldSubmission(Entry("same")),
            new HeldSubmission(Entry("same", "goodbye")),
            new HeldSubmission(Entry("same")),
            new HeldSubmission(Entry("same", "goodbye") with { Payloads = [[1], [2]] }),
            new HeldSubmission(Entry("other")));

        for (var round = 0; round < 2; round++)
        {
            await _node.PlayAsync(keep: true);

            Assert.Equal(2, await _node.CountAsync("queue"));
            Assert.Equal(3, await _node.CountAsync("entry"));
            Assert.Equal(1, await _node.CountAsync("receipt WHERE state = 8 AND result_code = 7 AND origin = 2"));
            Assert.Equal(1, await _node.CountAsync($"outbox WHERE state = 8 AND result_code = 7 AND entry_id = '{Entry("same").Id}' AND client_message_id = 'same' AND source = '447700900001'"));
        }

        Assert.Equal("hello", await _node.ScalarAsync<string>($"SELECT convert_from(payloads[1], 'UTF8') FROM entry_text WHERE id = '{Entry("same").Id}'"));
    }

    [Fact]
    public async Task A_record_that_the_ledger_refuses_is_parked_with_a_reason_and_the_others_go_in()
    {
        await TakeAsync(
            new HeldSubmission(Entry("one")),
            new HeldSubmission(Entry("poison") with { AppId = "a\0b" }), // no text of PostgreSQL's
            new HeldSubmission(Entry("empty") with { Payloads = [] }),
            new HeldSubmission(Entry("two")));

        for (var round = 0; round < 2; round++)
        {
            await _node.PlayAsync(keep: true);

            Assert.Equal(2, await _node.CountAsync("queue"));
            Assert.Equal(2, await _node.CountAsync("parked WHERE kind = 'journal' AND length(raw) > 50 AND reason LIKE '%(submission, offset %'"));
        }
    }

    [Fact]
    public async Task A_file_of_which_something_was_parked_stays_though_its_playback_was_interrupted_behind_that()
    {
        await TakeAsync(new HeldSubmission(Entry("poison") with { AppId = "a\0b" }));
        for (var i = 0; i < 600; i++)
        {
            Assert.True(_node.Journal.TryTake(new HeldSubmission(Entry($"k{i}")), (_, _, _) => { }));
        }

        await Eventually.TrueAsync(() => _node.Journal.Records == 601, "all are on the disk");
        var segment = (await _node.Journal.SealAsync())[0];
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _node.Node.Get<Playback>().PlayAsync(
            await File.ReadAllBytesAsync(segment.Path),
            segment.PlayedTo,
            (next, kinds, isParked) =>
            {
                _node.Journal.Played(segment, next, kinds, isParked);
                stop.Cancel();
                return ValueTask.CompletedTask;
            },
            stop.Token));

        await _node.Node.Get<Backfill>().PassAsync(CancellationToken.None);

        Assert.Equal(600, await _node.CountAsync("queue"));
        Assert.Equal(0, _node.Journal.Held);
        Assert.Single(Directory.GetFiles(_node.Journal.FullPath, "*.damaged"));
    }

    [Fact]
    public async Task A_damaged_stretch_is_parked_and_what_stands_behind_it_is_played()
    {
        await TakeAsync(new HeldSubmission(Entry("one")), new HeldSubmission(Entry("two")), new HeldSubmission(Entry("three")));
        var path = (await _node.Journal.SealAsync())[0].Path;
        var octets = await File.ReadAllBytesAsync(path);
        octets[(octets.Length + JournalHeader.Length) / 2] ^= 1;
        await File.WriteAllBytesAsync(path, octets);

        await _node.PlayAsync();

        Assert.Equal(2, await _node.CountAsync("queue"));
        Assert.Equal(1, await _node.CountAsync("parked WHERE kind = 'journal' AND reason LIKE 'A stretch of the journal is damaged%'"));
    }

    [Fact]
    public async Task Playing_goes_on_from_where_it_stopped_and_a_file_that_was_played_is_gone()
    {
        for (var i = 0; i < 1_200; i++)
        {
            Assert.True(_node.Journal.TryTake(new HeldSubmission(Entry($"k{i}")), (_, _, _) => { }));
        }

        await Eventually.TrueAsync(() => _node.Journal.Records == 1_200, "all are on the disk");
        var segment = (await _node.Journal.SealAsync())[0];
        using var stop = new CancellationTokenSource();
        var reached = 0L;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _node.Node.Get<Playback>().PlayAsync(
            await File.ReadAllBytesAsync(segment.Path),
            segment.PlayedTo,
            (next, kinds, isParked) =>
            {
                reached = next;
                _node.Journal.Played(segment, next, kinds, isParked);
                stop.Cancel();
                return ValueTask.CompletedTask;
            },
            stop.Token));
        Assert.Equal(500, await _node.CountAsync("queue"));
        Assert.Equal(700, _node.Journal.Records);

        await _node.Node.Get<Backfill>().PassAsync(CancellationToken.None);

        Assert.True(segment.PlayedTo > reached);
        Assert.Equal(1_200, await _node.CountAsync("queue"));
        Assert.False(File.Exists(segment.Path));
        Assert.Empty(Directory.GetFiles(_node.Journal.FullPath, "*.played"));
        Assert.True(_node.Journal.Held == 0);
    }

    [Fact]
    public async Task A_journal_older_than_half_of_what_keys_live_or_of_another_installation_is_left_alone_and_said_so()
    {
        await TakeAsync(new HeldSubmission(Entry("old") with { AcceptedAt = _now - TimeSpan.FromDays(4) }));
        var backfill = _node.Node.Get<Backfill>();

        await backfill.PassAsync(CancellationToken.None);

        Assert.Equal(0, await _node.CountAsync("entry"));
        var segment = Assert.Single(_node.Journal.Segments);
        Assert.True(backfill.IsLeftAlone(segment));
        Assert.True(backfill.IsDone);
        var stranger = new JournalSegment(segment.Path, segment.Header with { Installation = Guid.NewGuid() });
        Assert.True(backfill.IsLeftAlone(stranger));
    }

    [Fact]
    public async Task A_file_that_is_too_old_keeps_nothing_out_also_while_the_ledger_is_away()
    {
        await TakeAsync(new HeldSubmission(Entry("old") with { AcceptedAt = _now - TimeSpan.FromDays(4) }));
        _node.Holding.LedgerIsAway("it gives no answer");
        Assert.Contains("MaxAge", _node.Holding.WhyNot, StringComparison.Ordinal);

        await _node.Node.Get<Backfill>().PassAsync(CancellationToken.None);

        Assert.Null(_node.Holding.WhyNot);
        await TakeAsync(new HeldSubmission(Entry("new")));
        Assert.Equal([true, false], _node.Journal.Segments.Select(segment => segment.IsLeftAlone));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_keeps_no_other_from_being_played()
    {
        await TakeAsync(new HeldSubmission(Entry("one")));
        await File.WriteAllTextAsync((await _node.Journal.SealAsync())[0].Path, "overwritten");
        await TakeAsync(new HeldSubmission(Entry("two")));

        await _node.Node.Get<Backfill>().PassAsync(CancellationToken.None);
        await _node.Node.Get<Backfill>().PassAsync(CancellationToken.None);

        Assert.Equal(1, await _node.CountAsync("queue"));
        Assert.True(_node.Node.Get<Backfill>().IsLeftAlone(Assert.Single(_node.Journal.Segments)));
    }

    [Fact]
    public async Task Nothing_counts_as_played_while_the_disk_does_not_give_a_file()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"hold-{Guid.NewGuid():n}");
        var path = Path.Combine(directory, "smsc9.dc3", "000000000001.journal");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, path + ".gone"); // its name is there, its octets are not
        await using var node = await HoldNode.StartAsync(await FlowNode.DatabaseAsync(), "smsc9.dc3", directory);
        var backfill = node.Node.Get<Backfill>();
        Assert.False(backfill.IsDone);

        await File.WriteAllTextAsync(path + ".gone", "no journal: for a person");

        await Eventually.TrueAsync(() => backfill.IsDone, "it will not be played");
    }

    [Fact]
    public async Task Nothing_is_played_before_the_proofs_of_MOs_were_told_but_a_failing_telling_keeps_it_half_a_minute_only()
    {
        var (time, isUntold) = (new ManualTimeProvider(), true);
        var backfill = ActivatorUtilities.CreateInstance<Backfill>(
            _node.Node.Get<IServiceProvider>(), (IEnumerable<ProofsUntold>)[_ => isUntold], time, NullLogger<Backfill>.Instance);
        await TakeAsync(new HeldMo(Facts.Mo() with { CarrierKey = null }));
        await backfill.PassAsync(CancellationToken.None);
        Assert.Equal(1, _node.Journal.Records);

        isUntold = false;
        await backfill.PassAsync(CancellationToken.None);
        Assert.Equal((0, 1), (_node.Journal.Records, await _node.CountAsync("mo")));

        isUntold = true;
        await TakeAsync(new HeldSubmission(Entry("one")));
        _node.Holding.LedgerIsAway("it gives no answer");
        _node.Holding.LedgerAnswers();
        await backfill.PassAsync(CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(29));
        await backfill.PassAsync(CancellationToken.None);
        Assert.Equal(1, _node.Journal.Records);

        time.Advance(TimeSpan.FromSeconds(1));
        await backfill.PassAsync(CancellationToken.None);
        Assert.Equal((0, 1), (_node.Journal.Records, await _node.CountAsync("queue")));
    }

    [Fact]
    public async Task Proofs_of_MOs_count_as_told_with_the_first_pass_after_each_return_of_the_ledger()
    {
        var answers = new MoAnswers(TimeProvider.System);
        using var sweeps = ActivatorUtilities.CreateInstance<MoSweeps>(_node.Node.Get<IServiceProvider>(), answers, NullLogger<MoSweeps>.Instance);
        var id = Guid.NewGuid();
        answers.NotAnswered(id); // known, and of nothing that is stored: it stays untold and keeps nothing back
        for (var outage = 0; outage < 2; outage++)
        {
            Assert.True(answers.IsUntold(_node.Holding.LedgerLost));

            await sweeps.StartAsync(CancellationToken.None);
            await Eventually.TrueAsync(() => !answers.IsUntold(_node.Holding.LedgerLost), "it was told");
            await sweeps.StopAsync(CancellationToken.None);

            _node.Holding.LedgerIsAway("it gives no answer");
            _node.Holding.LedgerAnswers();
        }
    }

    [Fact]
    public async Task What_was_no_longer_valid_when_it_was_played_expires_with_a_receipt()
    {
        await TakeAsync(new HeldSubmission(Entry("late", validity: TimeSpan.FromMilliseconds(1))));
        await _node.PlayAsync();

        await _node.Node.Get<QueueLedger>().ExpireAsync(10, CancellationToken.None);

        Assert.Equal(0, await _node.CountAsync("queue"));
        Assert.Equal(1, await _node.CountAsync("outbox WHERE state = 3 AND client_message_id = 'late'"));
    }
}
