using SmsGateway.Host.Carriers;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Carriers;

public sealed class MoAnswersTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Guid _id = Guid.NewGuid();
    private readonly MoAnswers _answers;
    private bool _isWritten;
    private bool _isOver;

    public MoAnswersTests()
    {
        _answers = new MoAnswers(_time);
        _answers.Answered(_id, _time.GetTimestamp(), () => _isWritten, () => _isOver);
    }

    [Fact]
    public void An_answer_written_in_time_is_proven_when_its_session_has_lived_ten_seconds_more()
    {
        Assert.Empty(After(4));
        _isWritten = true;
        Assert.Empty(After(1));
        Assert.Empty(After(10));
        Assert.Equal([(_id, true)], After(1));
    }

    [Fact]
    public void One_that_is_written_late_is_disproven()
    {
        Assert.Empty(After(5));
        Assert.Equal([(_id, false)], After(1));
    }

    [Fact]
    public void One_whose_session_ends_within_ten_seconds_is_disproven()
    {
        _isWritten = true;
        Assert.Empty(After(1));
        Assert.Empty(After(9));
        _isOver = true;
        Assert.Equal([(_id, false)], After(1));
    }

    [Fact]
    public void What_was_seen_only_when_its_session_was_over_is_disproven_even_if_it_was_over_for_long()
    {
        _isWritten = true;
        Assert.Empty(After(1));
        _isOver = true;
        Assert.Equal([(_id, false)], After(60));
    }

    [Fact]
    public void What_is_known_is_told_until_the_ledger_has_it_or_nothing_can_repeat_it_any_more()
    {
        var other = Guid.NewGuid();
        _answers.NotAnswered(other);
        Assert.Equal([(other, false)], After(1));
        Assert.Equal(2, After(5).Count);
        _answers.Told(new HashSet<Guid> { other });
        Assert.Equal([(_id, false)], After(1));
        Assert.Empty(After(601));
    }

    [Fact]
    public void What_is_known_of_MOs_in_the_journal_is_kept_until_ten_minutes_after_it_was_played()
    {
        _isWritten = true;
        Assert.Empty(After(1, isHeld: true));
        Assert.Equal([(_id, true)], After(11, isHeld: true));
        Assert.Equal([(_id, true)], After(3600, isHeld: true));
        Assert.Equal([(_id, true)], After(600));
        Assert.Empty(After(1));
    }

    private IReadOnlyList<(Guid Id, bool Arrived)> After(int seconds, bool isHeld = false)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return _answers.Look(isHeld);
    }
}
