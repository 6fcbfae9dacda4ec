using System.Globalization;
using SmsGateway.Host.Configuration;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Host.Callbacks;

// The fields of a push, as the model service prints them (sections 6 and 7 of its documentation); what was not given is absent.
internal static class CallbackForm
{
    public const string ContentType = "application/x-www-form-urlencoded; charset=utf-8";

    public static ReadOnlyMemory<byte> Of(Delivery delivery, ConfigurationSnapshot configuration) =>
        (delivery.Kind == DeliveryKind.Mo ? Mo(delivery, DefaultAlphabet(delivery, configuration)) : Receipt(delivery)).Octets;

    private static FormBody Mo(Delivery mo, Alphabet carrierDefault) => new FormBody()
        .Add("type", "MO")
        .Add("message_id", mo.MessageId.ToString())
        .Add("shortcode", mo.Destination)
        .Add("phone_number", mo.Source)
        .Add("carrier", mo.Connector)
        .Add("message", MoText.Of(mo, carrierDefault));

    // message_id is the customer's own; a customer that may leave it out got ours in the answer to its MT.
    private static FormBody Receipt(Delivery receipt) => new FormBody()
        .Add("type", "receipt")
        .Add("message_id", receipt.ClientMessageId ?? receipt.MessageId.ToString())
        .Add("message_state", ((int)(receipt.State ?? ReceiptState.Unknown)).ToString(CultureInfo.InvariantCulture))
        .Add("result_code", receipt.ResultCode.ToString(CultureInfo.InvariantCulture))
        .Add("app_id", receipt.AppId)
        .Add("conversation_id", receipt.ConversationId);

    private static Alphabet DefaultAlphabet(Delivery delivery, ConfigurationSnapshot configuration) =>
        delivery.Connector is { } name && configuration.Carriers.TryGetValue(name, out var carrier)
            ? MoText.Of(carrier.Quirks.DefaultAlphabet)
            : Alphabet.Gsm0338;
}
