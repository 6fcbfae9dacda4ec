using Microsoft.Extensions.DependencyInjection;

namespace SmsGateway.Ledger;

/// <summary>Registers the ledger's classes.</summary>
public static class LedgerRegistration
{
    /// <summary>
    /// Adds every ledger class as a singleton, with <see cref="LedgerOptions"/> bound to its section and validated at start.
    /// Needs <see cref="TimeProvider"/> and logging. The container disposes them: dispose the edges first.
    /// </summary>
    public static IServiceCollection AddLedger(this IServiceCollection services, string nodeName, string site) => throw new NotImplementedException();
}
