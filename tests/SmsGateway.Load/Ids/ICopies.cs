namespace SmsGateway.Load.Ids;

/// <summary>A way of handing in several copies of one id at once: over HTTP or over SMPP.</summary>
internal interface ICopies : IDisposable
{
    /// <summary>Hands in all copies at once and waits for every answer.</summary>
    Task<IdAnswer[]> SendAsync(int number, bool sameContents, CancellationToken ct);
}
