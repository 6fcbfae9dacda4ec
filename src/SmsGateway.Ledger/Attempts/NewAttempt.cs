namespace SmsGateway.Ledger;

/// <summary>The intent to write one segment to one bind, to be made durable before its PDU.</summary>
/// <param name="Key">The segment and the number its queue row gives (<see cref="QueuedSegment.Attempt"/>).</param>
/// <param name="Connector">The connector.</param>
/// <param name="Bind">The bind's name, <c>carrier@node#n</c>.</param>
/// <param name="At">When it was decided.</param>
public readonly record struct NewAttempt(AttemptKey Key, string Connector, string Bind, DateTimeOffset At);
