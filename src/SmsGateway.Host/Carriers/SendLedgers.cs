using SmsGateway.Host.Flow;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Carriers;

// What a sender needs besides its own connector, the same for all of them.
internal sealed record SendLedgers(AttemptLedger Attempts, SegmentsInMemory Memory, UnknownAttempts Unknown, IHostApplicationLifetime Lifetime);
