using System.Text;
using SmsGateway.Smpp.Tests.Kit;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Smpp.Tests.Text;

public class SegmenterTests
{
    [Theory]
    [InlineData('a', 160, ReferenceWidth.Bits8, 1)]
    [InlineData('a', 161, ReferenceWidth.Bits8, 2)]
    [InlineData('a', 306, ReferenceWidth.Bits8, 2)]
    [InlineData('a', 307, ReferenceWidth.Bits8, 3)]
    [InlineData('a', 304, ReferenceWidth.Bits16, 2)]
    [InlineData('a', 305, ReferenceWidth.Bits16, 3)]
    [InlineData('ж', 70, ReferenceWidth.Bits8, 1)]
    [InlineData('ж', 71, ReferenceWidth.Bits8, 2)]
    [InlineData('ж', 134, ReferenceWidth.Bits8, 2)]
    [InlineData('ж', 135, ReferenceWidth.Bits8, 3)]
    [InlineData('ж', 132, ReferenceWidth.Bits16, 2)]
    [InlineData('ж', 133, ReferenceWidth.Bits16, 3)]
    public void A_text_takes_as_many_parts_as_the_air_interface_says(char character, int length, ReferenceWidth width, int parts)
    {
        var text = new string(character, length);
        var cut = Segmenter.Cut(text, 0x1234, width, 10);
        Assert.Equal((parts, parts > 1, false), (cut.Segments.Count, cut.HasUserDataHeader, cut.TooLong));
        Assert.Equal(text, Joined(cut, 0x1234, width));
    }

    [Theory]
    [InlineData(140, ReferenceWidth.Bits8, 1)]
    [InlineData(141, ReferenceWidth.Bits8, 2)]
    [InlineData(268, ReferenceWidth.Bits8, 2)]
    [InlineData(269, ReferenceWidth.Bits8, 3)]
    [InlineData(266, ReferenceWidth.Bits16, 2)]
    [InlineData(267, ReferenceWidth.Bits16, 3)]
    public void Octets_take_as_many_parts_as_the_air_interface_says(int length, ReferenceWidth width, int parts) =>
        Assert.Equal(parts, Segmenter.Cut(new byte[length], Alphabet.Binary, 1, width, 10).Segments.Count);

    [Fact]
    public void The_headers_are_those_of_the_specification()
    {
        var narrow = Segmenter.Cut(new string('a', 161), 0x1234, ReferenceWidth.Bits8, 10);
        Assert.Equal(["050003340201", "050003340202"], narrow.Segments.Select(s => Hex.Of(s.Span[..6])));
        var wide = Segmenter.Cut(new string('a', 161), 0x1234, ReferenceWidth.Bits16, 10);
        Assert.Equal(["06080412340201", "06080412340202"], wide.Segments.Select(s => Hex.Of(s.Span[..7])));
    }

    [Fact]
    public void An_escape_is_never_cut_from_its_character()
    {
        for (var before = 150; before <= 156; before++)
        {
            var text = new string('a', before) + "€€" + new string('b', 100);
            var cut = Segmenter.Cut(text, 1, ReferenceWidth.Bits8, 10);
            Assert.Equal(Alphabet.Gsm0338, cut.Alphabet);
            Assert.All(cut.Segments, segment => Assert.NotEqual(0x1B, segment.Span[^1]));
            Assert.Equal(text, Joined(cut, 1, ReferenceWidth.Bits8));
        }
    }

    [Fact]
    public void A_surrogate_pair_is_never_cut()
    {
        for (var before = 64; before <= 68; before++)
        {
            var text = new string('ж', before) + "😀😀" + new string('я', 60);
            var cut = Segmenter.Cut(text, 1, ReferenceWidth.Bits8, 10);
            Assert.Equal(text, Joined(cut, 1, ReferenceWidth.Bits8));
        }
    }

    [Fact]
    public void Nothing_but_escapes_is_still_cut_somewhere()
    {
        var cut = Segmenter.Cut(Enumerable.Repeat((byte)0x1B, 400).ToArray(), Alphabet.Gsm0338, 1, ReferenceWidth.Bits8, 10);
        Assert.Equal(400, cut.Segments.Sum(segment => segment.Length - 6));
    }

    [Fact]
    public void A_text_in_the_alphabet_is_never_made_wider_and_one_outside_is()
    {
        Assert.Equal(Alphabet.Gsm0338, Segmenter.Cut("Ça coûte".Replace('û', 'ù'), 1, ReferenceWidth.Bits8, 1).Alphabet);
        Assert.Equal(Alphabet.Utf16, Segmenter.Cut("coûte", 1, ReferenceWidth.Bits8, 1).Alphabet);
    }

    [Fact]
    public void An_empty_text_is_one_empty_segment() =>
        Assert.True(Assert.Single(Segmenter.Cut("", 1, ReferenceWidth.Bits8, 1).Segments).IsEmpty);

    [Fact]
    public void Too_many_parts_is_an_answer_and_not_an_exception()
    {
        var cut = Segmenter.Cut(new string('a', 1531), 1, ReferenceWidth.Bits8, 10);
        Assert.Equal((true, 0), (cut.TooLong, cut.Segments.Count));
        Assert.False(Segmenter.Cut(new string('a', 1530), 1, ReferenceWidth.Bits8, 10).TooLong);
        Assert.True(Segmenter.Cut(new string('a', 161), 1, ReferenceWidth.Bits8, 1).TooLong);
    }

    private static string Joined(Segmentation cut, ushort reference, ReferenceWidth width)
    {
        var joined = new StringBuilder();
        for (var i = 0; i < cut.Segments.Count; i++)
        {
            var content = cut.Segments[i];
            if (cut.HasUserDataHeader)
            {
                Assert.True(UserDataHeader.TrySplit(content, out var header, out content));
                Assert.True(UserDataHeader.TryGetConcatenation(header.Span, out var concatenation));
                var expected = width == ReferenceWidth.Bits8 ? (byte)reference : reference;
                Assert.Equal(new Concatenation(expected, (byte)cut.Segments.Count, (byte)(i + 1)), concatenation);
                Assert.InRange(cut.Alphabet == Alphabet.Gsm0338 ? header.Length + ((content.Length * 7) + 7) / 8 : header.Length + content.Length, 1, 140);
            }

            Assert.True(DataCoding.TryDecode(cut.Alphabet, content.Span, out var text));
            joined.Append(text);
        }

        return joined.ToString();
    }
}
