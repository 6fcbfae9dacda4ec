using SmsGateway.Host.Flow;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Esme;

/// <summary>What became of a submit_sm before Flow saw it: a submission, or a status and the reason for the log. The reason names fields
/// and never holds text, numbers or ids.</summary>
internal readonly record struct SubmitReading(Submission? Submission, CommandStatus Status, string Fault)
{
    public static SubmitReading Refused(CommandStatus status, string fault) => new(null, status, fault);
}
