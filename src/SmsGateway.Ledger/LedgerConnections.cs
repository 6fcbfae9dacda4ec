namespace SmsGateway.Ledger;

/// <summary>The process's connections to the ledger: hot ones with their plan settings and checks, and ordinary ones for reads.</summary>
public sealed class LedgerConnections : IAsyncDisposable
{
    /// <summary>Closes the pools.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
