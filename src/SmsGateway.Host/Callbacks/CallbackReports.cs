using SmsGateway.Ledger;

namespace SmsGateway.Host.Callbacks;

/// <summary>Where the outcome of an offer goes; each delivery gets exactly one. They return at once: the outbox commits in batches.</summary>
/// <param name="Acknowledge">The customer answered 2XX. Second argument: host and port it went to.</param>
/// <param name="Retry">It did not; the outbox row becomes due again at the given time. Then target and reason.</param>
/// <param name="Park">Time is up; an operator decides. Second argument: the reason.</param>
internal sealed record CallbackReports(
    Action<Delivery, string> Acknowledge,
    Action<Delivery, DateTimeOffset, string, string> Retry,
    Action<Delivery, string> Park);
