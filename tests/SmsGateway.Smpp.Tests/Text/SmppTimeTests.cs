using System.Globalization;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Smpp.Tests.Text;

public class SmppTimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("260131120000000+", "2026-01-31T12:00:00.0Z")]
    [InlineData("260131120000504+", "2026-01-31T11:00:00.5Z")]
    [InlineData("260131120000504-", "2026-01-31T13:00:00.5Z")]
    [InlineData("370101000000000+", "2037-01-01T00:00:00.0Z")]
    [InlineData("380101000000000+", "1938-01-01T00:00:00.0Z")]
    [InlineData("240229235959948-", "2024-03-01T11:59:59.9Z")]
    [InlineData("020610233429000R", "2028-08-11T11:34:29.0Z")] // the specification's example, counted from now
    [InlineData("000100000000000R", "2026-02-28T12:00:00.0Z")]
    [InlineData("000000000000999R", "2026-01-31T12:00:00.0Z")]
    public void Absolute_and_relative_times_become_points_in_time(string text, string expected)
    {
        Assert.True(SmppTime.TryParse(text, Now, out var time));
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), time);
    }

    [Fact]
    public void An_empty_field_is_no_time_and_no_error()
    {
        Assert.True(SmppTime.TryParse("", Now, out var time));
        Assert.Null(time);
    }

    [Theory]
    [InlineData("260131120000000")]
    [InlineData("2601311200000000+")]
    [InlineData("260131120000000X")]
    [InlineData("26013112000000a+")]
    [InlineData("261301120000000+")]
    [InlineData("260230120000000+")]
    [InlineData("260131240000000+")]
    [InlineData("260131126000000+")]
    [InlineData("260131120060000+")]
    [InlineData("260131120000049+")]
    [InlineData("+++++++++++++++R")]
    public void Anything_else_is_a_syntax_error(string text) => Assert.False(SmppTime.TryParse(text, Now, out _));

    [Fact]
    public void A_relative_time_beyond_the_calendar_is_an_error() =>
        Assert.False(SmppTime.TryParse("990000000000000R", DateTimeOffset.MaxValue.AddYears(-50), out _));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var time = new DateTimeOffset(2026, 7, 1, 8, 30, 15, 300, TimeSpan.FromHours(2));
        Assert.Equal("260701063015300+", SmppTime.FormatAbsolute(time));
        Assert.True(SmppTime.TryParse(SmppTime.FormatAbsolute(time), Now, out var again) && again == time);
        Assert.Equal("000002030405000R", SmppTime.FormatRelative(new TimeSpan(2, 3, 4, 5, 900)));
        Assert.Throws<ArgumentOutOfRangeException>(() => SmppTime.FormatRelative(TimeSpan.FromDays(100)));
    }
}
