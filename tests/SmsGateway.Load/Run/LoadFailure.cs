namespace SmsGateway.Load.Run;

/// <summary>The run cannot go on for a reason the user can see to; its message is all that is printed.</summary>
internal sealed class LoadFailure(string message) : Exception(message);
