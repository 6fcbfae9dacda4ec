namespace SmsGateway.Ledger;

/// <summary>What a look at a part of an account's outbox found.</summary>
/// <param name="Deliveries">Of the protocol that was asked for, oldest due first.</param>
/// <param name="From">The due time down to which everything was looked at; null = nothing older is owed.</param>
public sealed record OutboxPage(IReadOnlyList<Delivery> Deliveries, DateTimeOffset? From);
