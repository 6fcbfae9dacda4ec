namespace SmsGateway.Host.Callbacks;

/// <summary>How one offer ended.</summary>
internal enum CallbackResult
{
    /// <summary>2XX.</summary>
    Acknowledged,

    /// <summary>Any other status, or none.</summary>
    Failed,

    /// <summary>Not sent, because the account's URL is being spared after failures.</summary>
    Spared,

    /// <summary>Broken off because the node stops; nothing is known.</summary>
    Aborted,
}

/// <summary>How one offer ended, and why.</summary>
/// <param name="Result">How.</param>
/// <param name="Reason">For logs and the parked list; holds no part of the message.</param>
/// <param name="Wait">For <see cref="CallbackResult.Spared"/>: how long to wait before asking again.</param>
internal readonly record struct CallbackAnswer(CallbackResult Result, string Reason = "", TimeSpan Wait = default);
