using SmsGateway.Smpp.Tests.Kit;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Smpp.Tests.Text;

public class UserDataHeaderTests
{
    [Theory]
    [InlineData("050003a70302", 0xA7, 3, 2)]
    [InlineData("060804a1b20302", 0xA1B2, 3, 2)]
    [InlineData("0b0504158115810003a70302", 0xA7, 3, 2)] // behind a port element
    [InlineData("090003a7030208041122", 0xA7, 3, 2)] // a second one that is cut short
    [InlineData("0b0003a70302 0804 1122 0402", 0x1122, 4, 2)] // repeated: the last counts
    public void The_concatenation_is_found_wherever_it_stands(string hex, int reference, int total, int part)
    {
        Assert.True(UserDataHeader.TryGetConcatenation(Hex.Octets(hex), out var concatenation));
        Assert.Equal(new Concatenation((ushort)reference, (byte)total, (byte)part), concatenation);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("050003a70002")] // of no parts
    [InlineData("050003a70300")] // part 0
    [InlineData("050003a70304")] // part 4 of 3
    [InlineData("040002a703")] // wrong length
    [InlineData("050003a703")] // cut
    [InlineData("06050415811581")] // ports only
    public void Impossible_values_are_as_good_as_absent(string hex) =>
        Assert.False(UserDataHeader.TryGetConcatenation(Hex.Octets(hex), out _));

    [Fact]
    public void A_payload_is_split_behind_its_header()
    {
        Assert.True(UserDataHeader.TrySplit(Hex.Octets("050003a703024142"), out var header, out var rest));
        Assert.Equal(("050003a70302", "4142"), (Hex.Of(header.Span), Hex.Of(rest.Span)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("05000341")]
    public void A_header_longer_than_its_payload_is_none(string hex)
    {
        Assert.False(UserDataHeader.TrySplit(Hex.Octets(hex), out var header, out var rest));
        Assert.Equal((0, hex), (header.Length, Hex.Of(rest.Span)));
    }
}
