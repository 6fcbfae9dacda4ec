using SmsGateway.Host.Flow;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Esme;

/// <summary>The message inside a submit_sm: text, which Flow encodes and cuts for the carrier, or octets that go out as one segment. With a
/// status other than Ok, only the fault.</summary>
internal readonly record struct SubmitBody(
    CommandStatus Status,
    string Fault,
    string? Text = null,
    ReadOnlyMemory<byte> Payload = default,
    byte DataCoding = 0,
    byte EsmClass = 0,
    ConcatPart? Part = null);
