using SmsGateway.Host.Hold;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Hold;

public sealed class JournalTests
{
    private static HeldSubmission Submission(int number) => new(Facts.Entry($"number {number}"));

    [Fact]
    public async Task What_was_taken_is_on_the_disk_in_its_order_also_for_the_next_process()
    {
        await using var bench = new JournalBench();
        var facts = Enumerable.Range(0, 100).Select(Submission).ToList();
        foreach (var fact in facts)
        {
            Assert.True(await bench.TakeAsync(fact));
        }

        await bench.RestartAsync();

        Assert.Equal(100, bench.Journal.Records);
        Assert.Equal(facts.Select(fact => fact.Entry.Id), (await bench.ReadAsync()).Select(fact => ((HeldSubmission)fact).Entry.Id));
    }

    [Fact]
    public async Task What_comes_during_one_fsync_shares_the_next()
    {
        await using var bench = new JournalBench();
        using var hold = new SemaphoreSlim(0);
        bench.Files.Hold = hold;
        var first = bench.TakeAsync(Submission(0));
        await Eventually.TrueAsync(() => bench.Files.Created == 1, "the first is on its way");
        var others = Enumerable.Range(1, 1_000).Select(number => bench.TakeAsync(Submission(number))).ToList();
        Assert.False(first.IsCompleted);

        hold.Release(1_000);

        Assert.All(await Task.WhenAll([first, .. others]), Assert.True);
        Assert.Equal(2, bench.Files.Syncs);
        Assert.Equal(1_001, bench.Journal.Records);
    }

    [Fact]
    public async Task Nothing_is_acknowledged_before_its_fsync_has_returned()
    {
        await using var bench = new JournalBench();
        using var hold = new SemaphoreSlim(0);
        bench.Files.Hold = hold;
        var told = false;
        Assert.True(bench.Journal.TryTake(Submission(0), (_, _, failure) => told = failure is null));
        await Eventually.TrueAsync(() => bench.Files.Created == 1, "it is on its way");
        Assert.False(Volatile.Read(ref told));

        hold.Release();

        await Eventually.TrueAsync(() => Volatile.Read(ref told), "it was told");
    }

    [Fact]
    public async Task A_full_disk_refuses_keeps_what_is_durable_and_takes_again_when_there_is_room()
    {
        await using var bench = new JournalBench();
        var kept = Submission(1);
        Assert.True(await bench.TakeAsync(kept));
        bench.Files.Full = true;

        Assert.False(await bench.TakeAsync(Submission(2)));
        Assert.Contains("No space left", bench.Journal.WhyFull, StringComparison.Ordinal);
        Assert.False(await bench.TakeAsync(Submission(3))); // at once, without asking the disk

        bench.Files.Full = false;
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        var later = Submission(4);
        Assert.True(await bench.TakeAsync(later));
        Assert.Equal([kept.Entry.Id, later.Entry.Id], (await bench.ReadAsync()).Select(fact => ((HeldSubmission)fact).Entry.Id));
    }

    [Fact]
    public async Task After_a_failed_fsync_the_same_file_is_never_written_again_and_what_was_refused_is_not_in_it()
    {
        await using var bench = new JournalBench();
        var kept = Submission(1);
        Assert.True(await bench.TakeAsync(kept));
        bench.Files.Broken = true;
        Assert.False(await bench.TakeAsync(Submission(2)));
        bench.Files.Broken = false;
        bench.Time.Advance(TimeSpan.FromSeconds(2));

        var later = Submission(3);
        Assert.True(await bench.TakeAsync(later));

        Assert.Equal(2, bench.Files.Created);
        Assert.Equal(2, bench.Journal.Segments.Count);
        await bench.RestartAsync();
        Assert.Equal([kept.Entry.Id, later.Entry.Id], (await bench.ReadAsync()).Select(fact => ((HeldSubmission)fact).Entry.Id));
    }

    [Fact]
    public async Task What_was_refused_and_could_not_be_cut_off_is_cut_off_when_the_disk_takes_something_again()
    {
        await using var bench = new JournalBench();
        var kept = Submission(1);
        Assert.True(await bench.TakeAsync(kept));
        (bench.Files.Broken, bench.Files.Uncuttable) = (true, true);
        Assert.False(await bench.TakeAsync(Submission(2)));
        var segment = bench.Journal.Segments[0];
        Assert.True(new FileInfo(segment.Path).Length > segment.Length);
        (bench.Files.Broken, bench.Files.Uncuttable) = (false, false);
        bench.Time.Advance(TimeSpan.FromSeconds(2));

        var later = Submission(3);
        Assert.True(await bench.TakeAsync(later));

        Assert.Equal(segment.Length, new FileInfo(segment.Path).Length);
        await bench.RestartAsync();
        Assert.Equal([kept.Entry.Id, later.Entry.Id], (await bench.ReadAsync()).Select(fact => ((HeldSubmission)fact).Entry.Id));
    }

    [Fact]
    public async Task A_file_that_is_left_alone_keeps_nothing_out_by_its_age()
    {
        await using var bench = new JournalBench(new HoldOptions { MaxAge = TimeSpan.FromHours(1) });
        Assert.True(await bench.TakeAsync(new HeldSubmission(Facts.Entry() with { AcceptedAt = bench.Time.GetUtcNow() })));
        bench.Time.Advance(TimeSpan.FromHours(2));
        Assert.Contains("MaxAge", bench.Journal.WhyFull, StringComparison.Ordinal);

        bench.Journal.LeaveAlone((await bench.Journal.SealAsync())[0]);

        Assert.Null(bench.Journal.WhyFull);
        Assert.True(bench.Journal.Bytes > 0);
        Assert.True(await bench.TakeAsync(new HeldSubmission(Facts.Entry() with { AcceptedAt = bench.Time.GetUtcNow() })));
    }

    [Fact]
    public async Task A_file_that_is_kept_never_takes_the_place_of_another()
    {
        await using var bench = new JournalBench();
        for (var i = 0; i < 2; i++)
        {
            Assert.True(await bench.TakeAsync(Submission(i)));
            bench.Journal.Remove((await bench.Journal.SealAsync())[0], isKept: true);
            await bench.RestartAsync(); // the numbers begin anew
        }

        Assert.Equal(2, Directory.GetFiles(bench.Path, "*.damaged").Length);
    }

    [Fact]
    public async Task More_octets_than_allowed_or_a_record_older_than_allowed_refuse_until_they_are_played()
    {
        await using var bench = new JournalBench(new HoldOptions { MaxBytes = 1 << 20, MaxAge = TimeSpan.FromHours(1) });
        var big = new HeldSubmission(Facts.Entry() with { Payloads = [new byte[400_000]], AcceptedAt = bench.Time.GetUtcNow() });
        Assert.True(await bench.TakeAsync(big));
        Assert.True(await bench.TakeAsync(big));
        Assert.True(await bench.TakeAsync(big));
        Assert.False(await bench.TakeAsync(big));
        Assert.Contains("MaxBytes", bench.Journal.WhyFull, StringComparison.Ordinal);
        Assert.Equal(1, bench.Figures.RefusedInAll);
        await bench.Journal.SealAsync();
        Empty(bench);

        Assert.True(await bench.TakeAsync(big));
        bench.Time.Advance(TimeSpan.FromHours(1));
        Assert.Contains("MaxAge", bench.Journal.WhyFull, StringComparison.Ordinal);
        Assert.False(await bench.TakeAsync(big));
        await bench.Journal.SealAsync();
        Empty(bench);
        Assert.True(await bench.TakeAsync(new HeldSubmission(big.Entry with { AcceptedAt = bench.Time.GetUtcNow() })));
    }

    [Fact]
    public async Task A_record_too_long_for_the_format_is_refused_alone()
    {
        await using var bench = new JournalBench();
        var tooLong = new HeldSubmission(Facts.Entry() with { Payloads = [new byte[2 << 20]] });

        var answers = await Task.WhenAll(bench.TakeAsync(Submission(1)), bench.TakeAsync(tooLong), bench.TakeAsync(Submission(2)));

        Assert.Equal([true, false, true], answers);
        Assert.Equal(2, (await bench.ReadAsync()).Count);
    }

    [Fact]
    public async Task A_second_process_in_the_same_directory_is_refused_and_told_why()
    {
        await using var bench = new JournalBench();

        var error = Assert.Throws<HoldDirectoryException>(() => JournalDirectory.Open(bench.Path));

        Assert.Contains("Another process has the journal", error.Message, StringComparison.Ordinal);
        Assert.Contains("Hold__Directory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_journal_is_left_alone_and_the_others_are_found()
    {
        await using var bench = new JournalBench();
        Assert.True(await bench.TakeAsync(Submission(1)));
        await File.WriteAllTextAsync(Path.Combine(bench.Path, "000000000099.journal"), "not a journal");

        await bench.RestartAsync();

        Assert.Equal(1, bench.Journal.Records);
        Assert.True(await bench.TakeAsync(Submission(2)));
        Assert.Equal("000000000100.journal", Path.GetFileName(bench.Journal.Segments[^1].Path));
    }

    [Fact]
    public async Task How_far_a_file_was_played_survives_and_a_damaged_note_of_it_means_from_the_start()
    {
        await using var bench = new JournalBench();
        Assert.True(await bench.TakeAsync(Submission(1)));
        Assert.True(await bench.TakeAsync(Submission(2)));
        var segment = (await bench.Journal.SealAsync())[0];
        var reader = new JournalReader(await File.ReadAllBytesAsync(segment.Path));
        Assert.True(reader.TryNext(out var first));
        JournalDirectory.SetPlayedTo(segment.Path, segment.Header.Salt, first.Next, isKept: true);

        await bench.RestartAsync();
        Assert.Equal(1, bench.Journal.Records);
        Assert.Equal(first.Next, bench.Journal.Segments[0].PlayedTo);
        Assert.True(bench.Journal.Segments[0].IsKept);

        await File.WriteAllBytesAsync(segment.Path + ".played", [1, 2, 3]);
        await bench.RestartAsync();
        Assert.Equal(2, bench.Journal.Records);
    }

    [Fact]
    public async Task A_file_that_the_disk_does_not_give_at_the_start_counts_as_held_and_is_played_once_it_does()
    {
        await using var bench = new JournalBench();
        Assert.True(await bench.TakeAsync(Submission(1)));
        Assert.True(await bench.TakeAsync(Submission(2)));
        await bench.Journal.DisposeAsync();
        var path = Path.Combine(bench.Path, "000000000001.journal");
        var elsewhere = path + ".elsewhere";
        File.Move(path, elsewhere);
        File.CreateSymbolicLink(path, elsewhere + ".gone"); // its name is there, its octets are not

        bench.Start();
        bench.Journal.ReadAgain();
        Assert.Equal((0, 1), (bench.Journal.Records, bench.Journal.Held));
        Assert.Equal(path, Assert.Single(bench.Journal.Unreadable).Path);

        File.Move(elsewhere, elsewhere + ".gone");
        bench.Journal.ReadAgain();
        Assert.Equal((2, 2), (bench.Journal.Records, bench.Journal.Held));
        Assert.Empty(bench.Journal.Unreadable);
    }

    [Fact]
    public async Task A_file_that_is_no_journal_any_more_counts_as_held_and_stays()
    {
        await using var bench = new JournalBench();
        Assert.True(await bench.TakeAsync(Submission(1)));
        await bench.Journal.DisposeAsync();
        var path = Path.Combine(bench.Path, "000000000001.journal");
        var octets = await File.ReadAllBytesAsync(path);
        octets[20] ^= 1;
        await File.WriteAllBytesAsync(path, octets);

        bench.Start();
        bench.Journal.ReadAgain();

        Assert.Equal((0, 1), (bench.Journal.Records, bench.Journal.Held));
        Assert.Contains("header", Assert.Single(bench.Journal.Unreadable).Reason, StringComparison.Ordinal);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task A_journal_that_somebody_copied_into_the_directory_is_neither_written_nor_deleted()
    {
        await using var bench = new JournalBench();
        Assert.True(await bench.TakeAsync(Submission(1)));
        await bench.Journal.SealAsync();
        var copied = Path.Combine(bench.Path, "000000000002.journal");
        await File.WriteAllTextAsync(copied, "copied");

        Assert.True(await bench.TakeAsync(Submission(2)));

        Assert.Equal("copied", await File.ReadAllTextAsync(copied));
        Assert.Equal("000000000003.journal", Path.GetFileName(bench.Journal.Segments[^1].Path));
        Assert.Throws<IOException>(() => new DiskFiles().Create(copied));
        Assert.Equal("copied", await File.ReadAllTextAsync(copied));
    }

    private static void Empty(JournalBench bench)
    {
        foreach (var segment in bench.Journal.Segments)
        {
            bench.Journal.Remove(segment, isKept: false);
        }
    }
}
