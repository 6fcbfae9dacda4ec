using SmsGateway.Smpp.Tests.Kit;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Smpp.Tests.Text;

public class DataCodingTests
{
    [Theory]
    [InlineData(Alphabet.Utf8, "é€😀", "c3a9e282acf09f9880")]
    [InlineData(Alphabet.Ascii, "A~", "417e")]
    [InlineData(Alphabet.Gsm0338, "@€", "001b65")]
    [InlineData(Alphabet.Latin1, "é§", "e9a7")]
    [InlineData(Alphabet.JisX0201, "A¥‾ｱﾟ", "415c7eb1df")]
    [InlineData(Alphabet.Cyrillic, "Жя", "b6ef")]
    [InlineData(Alphabet.Hebrew, "אב", "e0e1")]
    [InlineData(Alphabet.Utf16, "A😀", "0041d83dde00")]
    [InlineData(Alphabet.Iso2022Jp, "日A", "1b2442467c1b284241")]
    [InlineData(Alphabet.JisX0212, "丂", "3021")]
    [InlineData(Alphabet.EucKr, "한A", "c7d141")]
    public void Every_alphabet_reads_and_writes(Alphabet alphabet, string text, string hex)
    {
        Assert.True(DataCoding.TryEncode(alphabet, text, out var octets));
        Assert.Equal(hex, Hex.Of(octets));
        Assert.True(DataCoding.TryDecode(alphabet, octets, out var back));
        Assert.Equal(text, back);
    }

    [Theory]
    [InlineData(Alphabet.Ascii, "é")]
    [InlineData(Alphabet.Gsm0338, "ç")]
    [InlineData(Alphabet.Latin1, "€")]
    [InlineData(Alphabet.JisX0201, "\\")]
    [InlineData(Alphabet.JisX0201, "日")]
    [InlineData(Alphabet.Cyrillic, "é")]
    [InlineData(Alphabet.Hebrew, "Ж")]
    [InlineData(Alphabet.Iso2022Jp, "한")]
    [InlineData(Alphabet.JisX0212, "A")]
    [InlineData(Alphabet.JisX0212, "日")]
    [InlineData(Alphabet.EucKr, "😀")]
    [InlineData(Alphabet.Binary, "A")]
    public void What_does_not_fit_is_refused_and_never_replaced(Alphabet alphabet, string text) =>
        Assert.False(DataCoding.TryEncode(alphabet, text, out _));

    [Fact]
    public void Half_a_surrogate_pair_is_refused()
    {
        Assert.False(DataCoding.TryEncode(Alphabet.Utf8, "\uD800", out _));
        Assert.False(DataCoding.TryEncode(Alphabet.Utf16, "\uDC00", out _));
    }

    [Theory]
    [InlineData(Alphabet.Utf8, "c3")]
    [InlineData(Alphabet.Utf8, "ff")]
    [InlineData(Alphabet.Ascii, "80")]
    [InlineData(Alphabet.Gsm0338, "ff")]
    [InlineData(Alphabet.JisX0201, "80")]
    [InlineData(Alphabet.Utf16, "00")]
    [InlineData(Alphabet.Utf16, "d800")]
    [InlineData(Alphabet.JisX0212, "30")]
    [InlineData(Alphabet.JisX0212, "b021")]
    [InlineData(Alphabet.EucKr, "c7")]
    [InlineData(Alphabet.Binary, "41")]
    public void Octets_that_are_no_text_are_refused(Alphabet alphabet, string hex) =>
        Assert.False(DataCoding.TryDecode(alphabet, Hex.Octets(hex), out _));

    [Fact]
    public void The_table_of_the_model_service_is_complete()
    {
        var known = new Dictionary<byte, Alphabet>
        {
            [0] = Alphabet.Latin1,
            [1] = Alphabet.Ascii,
            [2] = Alphabet.Gsm0338,
            [3] = Alphabet.Latin1,
            [4] = Alphabet.Binary,
            [5] = Alphabet.JisX0201,
            [6] = Alphabet.Cyrillic,
            [7] = Alphabet.Hebrew,
            [8] = Alphabet.Utf16,
            [10] = Alphabet.Iso2022Jp,
            [13] = Alphabet.JisX0212,
            [14] = Alphabet.EucKr,
        };
        for (var value = 0; value <= 255; value++)
        {
            var expected = known.TryGetValue((byte)value, out var alphabet);
            Assert.Equal(expected, DataCoding.TryGetAlphabet((byte)value, Alphabet.Latin1, out var found));
            Assert.Equal(alphabet, found);
            if (expected && value > 0)
                Assert.Equal(value, DataCoding.ValueOf(found));
        }

        Assert.Equal(0, DataCoding.ValueOf(Alphabet.Utf8));
    }
}
