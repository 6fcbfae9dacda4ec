using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using SmsGateway.Host.Callbacks;

namespace SmsGateway.Host.Tests.Callbacks;

public sealed class FormBodyTests
{
    private static string Text(FormBody body) => Encoding.ASCII.GetString(body.Octets.Span);

    [Fact]
    public void Null_is_absent_and_empty_is_empty() => Assert.Equal("a=&c=1", Text(new FormBody().Add("a", "").Add("b", null).Add("c", "1")));

    [Fact]
    public void A_lone_surrogate_becomes_the_replacement_character() => Assert.Equal("a=x%EF%BF%BD", Text(new FormBody().Add("a", "x\ud800")));

    [Fact]
    public void Every_character_survives_a_form_reader()
    {
        var text = new StringBuilder();
        for (var code = 0; code < 0x3000; code++)
        {
            text.Append((char)code);
        }

        text.Append("€😀+&=% \r\n");
        var read = QueryHelpers.ParseQuery(Text(new FormBody().Add("message", text.ToString()).Add("next", "n")));
        Assert.Equal(text.ToString(), read["message"]);
        Assert.Equal("n", read["next"]);
    }
}
