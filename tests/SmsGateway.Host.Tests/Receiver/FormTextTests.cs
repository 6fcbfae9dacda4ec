using System.Text;
using SmsGateway.Host.Receiver;

namespace SmsGateway.Host.Tests.Receiver;

public sealed class FormTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("a+b%20c", "a b c")]
    [InlineData("%e2%82%ac%E2%82%AC", "€€")]
    [InlineData("%F0%9F%98%80", "😀")]
    [InlineData("%00", "\0")]
    [InlineData("%25zz", "%zz")]
    public void Good_text_is_decoded(string encoded, string text)
    {
        Assert.True(FormText.TryDecode(Encoding.Latin1.GetBytes(encoded), out var decoded));
        Assert.Equal(text, decoded);
    }

    [Fact]
    public void Long_text_is_decoded_as_well()
    {
        Assert.True(FormText.TryDecode(Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("%C3%A4", 5000))), out var decoded));
        Assert.Equal(new string('ä', 5000), decoded);
    }

    [Fact]
    public void Any_octets_are_either_decoded_or_refused()
    {
        var random = new Random(4711);
        for (var i = 0; i < 20_000; i++)
        {
            var octets = new byte[random.Next(40)];
            random.NextBytes(octets);
            for (var j = 0; j < octets.Length; j++)
            {
                octets[j] = random.Next(3) == 0 ? (byte)"%+&=4fC3"[random.Next(8)] : octets[j];
            }

            var form = new ReceiverForm();
            form.Add(octets);
            Assert.Equal(FormText.TryDecode(octets, out var text), text is not null);
        }
    }
}
