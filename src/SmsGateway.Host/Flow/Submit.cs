namespace SmsGateway.Host.Flow;

/// <summary>What an edge calls with a checked submission; in production Acceptance, in a wire test a script.</summary>
/// <remarks>Returns after COMMIT. Every outcome a customer can cause is a value; an exception means broken code.</remarks>
internal delegate ValueTask<AcceptanceResult> Submit(Submission submission, CancellationToken cancellation);
