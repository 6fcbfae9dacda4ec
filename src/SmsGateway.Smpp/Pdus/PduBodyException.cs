namespace SmsGateway.Smpp.Pdus;

/// <summary>
/// A PDU whose frame is sound and whose body is not. Recoverable: answer it with <see cref="AnswerStatus"/> and read on.
/// </summary>
public sealed class PduBodyException : Exception
{
    internal PduBodyException(RawPdu pdu, string field, CommandStatus answerStatus, string complaint)
        : base($"{pdu.CommandId} #{pdu.Sequence}: {field} {complaint}")
    {
        Pdu = pdu;
        Field = field;
        AnswerStatus = answerStatus;
    }

    /// <summary>The PDU as it came: header fields and the undecoded body.</summary>
    public RawPdu Pdu { get; }

    /// <summary>The field that could not be read, by the specification's name.</summary>
    public string Field { get; }

    /// <summary>The status that says so to the peer.</summary>
    public CommandStatus AnswerStatus { get; }
}
