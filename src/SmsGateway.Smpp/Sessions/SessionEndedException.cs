namespace SmsGateway.Smpp.Sessions;

/// <summary>The session ended before a response came to <see cref="SmppSession.RequestAsync"/>.</summary>
public sealed class SessionEndedException : Exception
{
    internal SessionEndedException(SessionEndReason reason, Exception? cause)
        : base($"the SMPP session ended ({reason}) before the response came", cause)
    {
        Reason = reason;
    }

    /// <summary>Why it ended.</summary>
    public SessionEndReason Reason { get; }
}
