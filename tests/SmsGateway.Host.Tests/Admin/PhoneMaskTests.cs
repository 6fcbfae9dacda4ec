using SmsGateway.Host.Admin;

namespace SmsGateway.Host.Tests.Admin;

public sealed class PhoneMaskTests
{
    [Theory]
    [InlineData("447700900000", "********0000")]
    [InlineData("1234567", "****567")]
    [InlineData("12", "*2")]
    [InlineData("", "")]
    [InlineData(null, null)]
    public void Only_the_tail_is_shown(string? number, string? expected) => Assert.Equal(expected, PhoneMask.Of(number, whole: false));

    [Fact]
    public void All_is_shown_where_allowed() => Assert.Equal("447700900000", PhoneMask.Of("447700900000", whole: true));
}
