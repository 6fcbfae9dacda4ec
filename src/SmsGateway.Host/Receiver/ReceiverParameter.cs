namespace SmsGateway.Host.Receiver;

/// <summary>The parameters the receiver knows (model service, section 5), and how they are spelt.</summary>
internal enum ReceiverParameter
{
    Login,
    Password,
    PhoneNumber,
    Sender,
    Carrier,
    Message,
    MessageId,
    Receipt,
    AppId,
    ConversationId,
    Priority,
    MmsAttachment,
    Count,
    Unknown,
}

internal static class ReceiverParameters
{
    public static string Name(this ReceiverParameter parameter) => parameter switch
    {
        ReceiverParameter.Login => "login",
        ReceiverParameter.Password => "password",
        ReceiverParameter.PhoneNumber => "phone_number",
        ReceiverParameter.Sender => "sender",
        ReceiverParameter.Carrier => "carrier",
        ReceiverParameter.Message => "message",
        ReceiverParameter.MessageId => "message_id",
        ReceiverParameter.Receipt => "receipt",
        ReceiverParameter.AppId => "app_id",
        ReceiverParameter.ConversationId => "conversation_id",
        ReceiverParameter.Priority => "priority",
        _ => "mms_attachment",
    };
}
