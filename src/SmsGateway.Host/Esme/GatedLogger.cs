using System.Collections.Concurrent;
using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Esme;

// The log of all customers' sessions: one line a second of each event, because a client can cause thousands (a bad PDU each).
// Bounded by the events of a session.
internal sealed partial class GatedLogger(ILogger inner, TimeProvider time) : ILogger
{
    private readonly ConcurrentDictionary<int, LogGate> _gates = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!inner.IsEnabled(logLevel) || !_gates.GetOrAdd(eventId.Id, _ => new LogGate(time)).TryPass(out var leftOut))
        {
            return;
        }

        inner.Log(logLevel, eventId, state, exception, formatter);
        if (leftOut > 0)
        {
            LeftOut(inner, leftOut, eventId.Id);
        }
    }

    [LoggerMessage(2005, LogLevel.Information, "{Count} lines like event {Event} were left out since the last one")]
    private static partial void LeftOut(ILogger logger, int count, int @event);
}
