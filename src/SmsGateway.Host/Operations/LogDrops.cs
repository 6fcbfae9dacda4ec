using Serilog.Sinks.Async;

namespace SmsGateway.Host.Operations;

// The asynchronous console sink drops lines when its buffer is full, because a slow terminal must not stop the gateway. This counts them;
// appsettings.json names it as the sink's monitor and /metrics shows it.
internal sealed class LogDrops : IAsyncLogEventSinkMonitor
{
    private volatile IAsyncLogEventSinkInspector? _inspector;

    /// <summary>One per process, because configuration can only name a static.</summary>
    public static LogDrops Instance { get; } = new();

    public long Dropped => _inspector?.DroppedMessagesCount ?? 0;

    public void StartMonitoring(IAsyncLogEventSinkInspector inspector) => _inspector = inspector;

    public void StopMonitoring(IAsyncLogEventSinkInspector inspector) => _inspector = null;
}
