namespace SmsGateway.Ledger.Tests;

public sealed class MessageIdTests
{
    private static readonly MessageKeys Keys = new(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());

    [Fact]
    public void The_text_is_a_letter_and_26_characters_and_reads_back()
    {
        for (var i = 0; i < 1000; i++)
        {
            var id = new MessageId(Guid.NewGuid());
            var text = id.ToString();
            Assert.Matches("^m[a-z2-7]{26}$", text);
            Assert.True(MessageId.TryParse(text, out var back));
            Assert.Equal(id, back);
        }

        Assert.Equal("m" + new string('a', 26), new MessageId(Guid.Empty).ToString());
        Assert.Equal("mh" + new string('7', 25), new MessageId(new Guid(Enumerable.Repeat((byte)255, 16).ToArray())).ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("naaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("maaaaaaaaaaaaaaaaaaaaaaaaa1")]
    [InlineData("mAaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("miaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void What_no_id_would_have_written_is_refused(string? text) => Assert.False(MessageId.TryParse(text, out _));

    [Fact]
    public void Ids_sort_as_their_octets_do()
    {
        var ids = Enumerable.Range(0, 500).Select(_ => Guid.NewGuid()).ToArray();
        Array.Sort(ids);
        Assert.Equal(ids.Select(g => Convert.ToHexString(g.ToByteArray(bigEndian: true))).Order(StringComparer.Ordinal), ids.Select(g => Convert.ToHexString(g.ToByteArray(bigEndian: true))));
    }

    [Fact]
    public void No_two_different_submissions_share_a_key()
    {
        Guid[] keys =
        [
            Keys.ForClientMessageId("ab", "c"), Keys.ForClientMessageId("a", "bc"), Keys.ForClientMessageId("abc", ""),
            Keys.ForClientMessageId("ab", "c", new KeyPart(1, 2, 1)), Keys.ForClientMessageId("ab", "c", new KeyPart(1, 2, 2)), Keys.ForMo("ab", "c"), Keys.ForMo("ab", "c", Guid.Empty),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys[0], Keys.ForClientMessageId("ab", "c"));
        Assert.NotEqual(keys[0], new MessageKeys(new byte[32]).ForClientMessageId("ab", "c"));
    }

    [Fact]
    public void Content_differs_when_any_of_its_fields_does()
    {
        Guid[] contents =
        [
            Keys.ContentHash("1", "2", "x"u8, null, null), Keys.ContentHash("12", "", "x"u8, null, null), Keys.ContentHash("1", "2", "y"u8, null, null),
            Keys.ContentHash("1", "2", "x"u8, "", null), Keys.ContentHash("1", "2", "x"u8, null, Priority.BulkLow), Keys.ContentHash("1", "2", "x"u8, null, Priority.Bulk),
        ];
        Assert.Equal(contents.Length, contents.Distinct().Count());
    }
}
