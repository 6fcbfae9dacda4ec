namespace SmsGateway.Host.Callbacks;

/// <summary>What bounds a lane.</summary>
/// <param name="Schedule">When to offer again.</param>
/// <param name="Shared">Slots of all accounts together.</param>
/// <param name="Concurrency">Requests in flight of one account.</param>
internal sealed record CallbackLimits(RetrySchedule Schedule, SharedSlots Shared, int Concurrency);
