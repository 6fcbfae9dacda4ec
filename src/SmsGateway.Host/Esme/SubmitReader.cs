using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Host.Esme;

// From a submit_sm to a submission, by the rules of docs/smpp-profile.md: what is ignored, what is honoured, what is
// refused and with which status. Pure: PDU, account and time in, answer out.
internal static class SubmitReader
{
    private const int ModeMask = 0x03;
    private const int ForwardMode = 0x02;

    public static SubmitReading Read(SubmitSm pdu, AccountSettings account, DateTimeOffset now)
    {
        if (Fault(pdu) is { } fault)
        {
            return fault;
        }

        if (SenderOf(pdu.SourceAddr, account) is not { } sender)
        {
            return SubmitReading.Refused(CommandStatus.InvalidSourceAddress, "source_addr is no sender of the account");
        }

        if (DestinationOf(pdu.DestinationAddr) is not { } destination)
        {
            return SubmitReading.Refused(CommandStatus.InvalidDestinationAddress, "destination_addr is not 7 to 15 digits in international format");
        }

        if (!TryValidity(pdu.ValidityPeriod, now, out var validUntil))
        {
            return SubmitReading.Refused(CommandStatus.InvalidExpiry, "validity_period is malformed or past");
        }

        if (!SubmitEchoes.TryRead(pdu.Tlvs, out var echoes, out var badTlv))
        {
            return SubmitReading.Refused(CommandStatus.InvalidOptionalParameterValue, badTlv);
        }

        var body = SubmitBodyReader.Read(pdu, account);
        if (body.Status != CommandStatus.Ok)
        {
            return SubmitReading.Refused(body.Status, body.Fault);
        }

        var submission = new Submission
        {
            Account = account,
            Protocol = Protocol.Smpp,
            ClientMessageId = echoes.ClientMessageId,
            Part = body.Part,
            Sender = sender,
            Destination = destination,
            CarrierAsked = echoes.Carrier,
            PriorityAsked = pdu.PriorityFlag == 0 ? null : (Priority)pdu.PriorityFlag,
            Registered = RegisteredOf(pdu.RegisteredDelivery),
            AppId = echoes.AppId,
            ConversationId = echoes.ConversationId,
            ValidUntil = validUntil,
            Text = body.Text,
            Payload = body.Payload,
            DataCoding = body.DataCoding,
            EsmClass = body.EsmClass,
            ProtocolId = pdu.ProtocolId,
        };
        return new SubmitReading(submission, CommandStatus.Ok, "");
    }

    // The flags that are a matter of one octet each.
    private static SubmitReading? Fault(SubmitSm pdu)
    {
        if ((pdu.EsmClass & ModeMask) == ForwardMode
            || (pdu.EsmClass & EsmClass.TypeMask) is not (0 or EsmClass.DeliveryAcknowledgement or EsmClass.UserAcknowledgement))
        {
            return SubmitReading.Refused(CommandStatus.InvalidEsmClass, $"esm_class 0x{pdu.EsmClass:X2} is not for submit_sm");
        }

        if (pdu.PriorityFlag > 3)
        {
            return SubmitReading.Refused(CommandStatus.InvalidPriorityFlag, $"priority_flag {pdu.PriorityFlag}");
        }

        if ((pdu.RegisteredDelivery & RegisteredDelivery.ReceiptMask) == RegisteredDelivery.ReceiptMask)
        {
            return SubmitReading.Refused(CommandStatus.InvalidRegisteredDelivery, $"registered_delivery 0x{pdu.RegisteredDelivery:X2}");
        }

        return pdu.SmDefaultMsgId == 0
            ? null
            : SubmitReading.Refused(CommandStatus.InvalidPredefinedMessage, $"sm_default_msg_id {pdu.SmDefaultMsgId}; there are no predefined messages");
    }

    // An empty source stands for the account's only sender. TON and NPI are ignored, so a plus may come along.
    private static string? SenderOf(string source, AccountSettings account)
    {
        if (source.Length == 0)
        {
            return account.Senders.Count == 1 ? account.Senders[0] : null;
        }

        if (account.AllowsSender(source))
        {
            return source;
        }

        return source[0] == '+' && account.AllowsSender(source[1..]) ? source[1..] : null;
    }

    private static string? DestinationOf(string destination)
    {
        var digits = destination.AsSpan();
        if (digits.StartsWith("+"))
        {
            digits = digits[1..];
        }

        if (digits.Length is < 7 or > 15 || digits[0] == '0' || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        return digits.Length == destination.Length ? destination : digits.ToString();
    }

    // Longer than Flow allows is cut there.
    private static bool TryValidity(string field, DateTimeOffset now, out DateTimeOffset? until)
    {
        until = null;
        return field.Length == 0 || (SmppTime.TryParse(field, now, out until) && until > now);
    }

    // Bits 3 and 2 (acknowledgements of the handset's owner) are ignored; 0x10 alone asks for intermediate states: every receipt.
    private static RegisteredReceipts RegisteredOf(byte field) => (field & RegisteredDelivery.ReceiptMask) switch
    {
        RegisteredDelivery.OnFailure => RegisteredReceipts.Failures,
        RegisteredDelivery.Always => RegisteredReceipts.All,
        _ => (field & RegisteredDelivery.Intermediate) != 0 ? RegisteredReceipts.All : RegisteredReceipts.None,
    };
}
