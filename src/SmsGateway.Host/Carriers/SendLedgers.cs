using SmsGateway.Host.Flow;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Carriers;

/// <summary>Tells the lease that the ledger refused something because of this node's epoch.</summary>
internal delegate void EpochRefused();

// What a sender needs besides its own connector, the same for all of them.
internal sealed record SendLedgers(AttemptLedger Attempts, SegmentsInMemory Memory, UnknownAttempts Unknown, EpochRefused EpochRefused, IHostApplicationLifetime Lifetime);
