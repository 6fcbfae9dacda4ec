namespace SmsGateway.Host.Flow;

/// <summary>Which part of a long message a submission is, as its UDH or sar_* TLVs say. Total and Number run from 1 to 255.</summary>
internal readonly record struct ConcatPart(int Reference, byte Total, byte Number);
