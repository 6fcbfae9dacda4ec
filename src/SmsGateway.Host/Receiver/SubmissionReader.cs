using System.Buffers;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Ledger;
using P = SmsGateway.Host.Receiver.ReceiverParameter;

namespace SmsGateway.Host.Receiver;

/// <summary>From parameters to a submission, or to the refusal that names the first parameter that is wrong.</summary>
internal static class SubmissionReader
{
    private const int MaxMessageId = 64;
    private const int MaxEcho = 255;
    private const int MinDigits = 7;
    private const int MaxDigits = 15;

    private static readonly SearchValues<char> Controls =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7F).Select(c => (char)c)]);

    public static bool TryRead(ReceiverForm form, AccountSettings account, out Submission? submission, out ReceiverAnswer refusal)
    {
        submission = null;
        if (Error(form, account, out var destination, out var sender, out var priority, out var registered) is { } error)
        {
            refusal = ReceiverAnswer.Refused(400, ResultCodes.BadParameter, error);
            return false;
        }

        if (!account.AllowsSender(sender))
        {
            var code = SenderFormat.IsNumeric(sender) ? ResultCodes.SenderNotAllowed : ResultCodes.AlphanumericSender;
            refusal = ReceiverAnswer.Refused(403, code, "sender: not enabled on the account");
            return false;
        }

        refusal = default;
        submission = new Submission
        {
            Account = account,
            Protocol = Protocol.Http,
            ClientMessageId = Given(form, P.MessageId),
            Sender = sender,
            Destination = destination,
            CarrierAsked = Given(form, P.Carrier),
            PriorityAsked = priority,
            Registered = registered,
            AppId = Given(form, P.AppId),
            ConversationId = Given(form, P.ConversationId),
            Text = form[P.Message],
        };
        return true;
    }

    private static string? Error(
        ReceiverForm form,
        AccountSettings account,
        out string destination,
        out string sender,
        out Priority? priority,
        out RegisteredReceipts registered)
    {
        destination = WithoutPlus(form[P.PhoneNumber]);
        sender = form[P.Sender] ?? "";
        var number = WithoutPlus(sender);
        if (SenderFormat.IsNumeric(number))
        {
            sender = number;
        }

        var priorityError = PriorityOf(form[P.Priority], out priority);
        var receiptError = ReceiptOf(form[P.Receipt], out registered);
        return form[P.MmsAttachment] is not null ? "mms_attachment: MMS is not supported yet"
            : Missing(form, P.PhoneNumber) ?? DestinationError(destination)
            ?? Missing(form, P.Sender) ?? (SenderFormat.IsWellFormed(sender) ? null : "sender: neither up to 15 digits nor up to 11 alphanumeric characters")
            ?? Missing(form, P.Message)
            ?? (account.MessageIdOptional ? null : Missing(form, P.MessageId))
            ?? TextError(form, P.MessageId, MaxMessageId) ?? TextError(form, P.Carrier, MaxEcho)
            ?? TextError(form, P.AppId, MaxEcho) ?? TextError(form, P.ConversationId, MaxEcho)
            ?? receiptError ?? priorityError;
    }

    /// <summary>Forms send a parameter that was not filled in as empty: the same as absent where the value is free.</summary>
    private static string? Given(ReceiverForm form, P parameter) => form[parameter] is { Length: > 0 } value ? value : null;

    private static string? Missing(ReceiverForm form, P parameter) =>
        Given(form, parameter) is null ? $"{parameter.Name()}: missing" : null;

    /// <summary>A plus that nobody escaped arrives as a space.</summary>
    private static string WithoutPlus(string? number) => number is ['+' or ' ', .. var digits] ? digits : number ?? "";

    private static string? DestinationError(string destination)
    {
        if (!SenderFormat.IsNumeric(destination))
        {
            return "phone_number: not numeric";
        }

        return destination.Length is < MinDigits or > MaxDigits ? "phone_number: not 7 to 15 digits"
            : destination[0] == '0' ? "phone_number: not in international format (leading 0)"
            : null;
    }

    private static string? TextError(ReceiverForm form, P parameter, int max)
    {
        if (form[parameter] is not { } text)
        {
            return null;
        }

        // Characters, not UTF-16 units: a surrogate pair is one.
        if (text.Length > max && text.EnumerateRunes().Count() > max)
        {
            return $"{parameter.Name()}: longer than {max} characters";
        }

        return text.AsSpan().ContainsAny(Controls) ? $"{parameter.Name()}: has control characters" : null;
    }

    private static string? ReceiptOf(string? word, out RegisteredReceipts registered)
    {
        registered = "TRUE".Equals(word, StringComparison.OrdinalIgnoreCase) ? RegisteredReceipts.All : RegisteredReceipts.None;
        return word is null || registered == RegisteredReceipts.All || "FALSE".Equals(word, StringComparison.OrdinalIgnoreCase)
            ? null
            : "receipt: neither TRUE nor FALSE";
    }

    private static string? PriorityOf(string? word, out Priority? priority)
    {
        priority = word switch
        {
            "BULK_LOW" => Priority.BulkLow,
            "BULK" => Priority.Bulk,
            "INTERACTIVE_LOW" => Priority.InteractiveLow,
            "INTERACTIVE" => Priority.Interactive,
            _ => null,
        };
        return word is null || priority is not null ? null : "priority: not one of BULK_LOW, BULK, INTERACTIVE_LOW, INTERACTIVE";
    }
}
