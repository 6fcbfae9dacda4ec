using SmsGateway.Load.Journal;
using SmsGateway.Load.Smpp;

namespace SmsGateway.Load.Http;

/// <summary>The form of a message number; the same octets each time it is made.</summary>
internal sealed class FormMaker(HttpLoadOptions options, Marker marker)
{
    private readonly string _account =
        $"login={Uri.EscapeDataString(options.Login)}&password={Uri.EscapeDataString(options.Password)}&sender={Uri.EscapeDataString(options.Sender)}"
        + (options.Receipt ? "&receipt=TRUE" : "") + "&phone_number=";

    private readonly string _filling = "+" + string.Concat(Enumerable.Repeat("the+quick+brown+fox+jumps+over+the+lazy+dog+", 8));

    /// <param name="number">The message.</param>
    /// <param name="variant">Another value makes another content under the same id.</param>
    public string Make(int number, int variant = 0)
    {
        string id = marker.Of(number);
        int filling = Math.Max(0, options.TextLength - id.Length);
        string variation = variant == 0 ? "" : $"+{(char)('a' + variant)}";
        return string.Concat(
            _account + MessageMaker.Destination(options.Prefixes, number), "&message_id=", id,
            string.Concat("&message=", id, variation, _filling.AsSpan(0, Math.Min(filling, _filling.Length))));
    }
}
