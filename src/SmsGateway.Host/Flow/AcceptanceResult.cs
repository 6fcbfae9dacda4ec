using SmsGateway.Ledger;

namespace SmsGateway.Host.Flow;

/// <summary>Answer to one submission. Id and Parts mean something for Accepted and Duplicate only; RetryAfter for the refusals that pass.</summary>
internal readonly record struct AcceptanceResult(AcceptanceKind Kind, MessageId Id = default, int Parts = 0, TimeSpan RetryAfter = default);
