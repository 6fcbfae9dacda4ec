#if DRILL
using System.Globalization;

namespace SmsGateway.Host.Operations;

// Drill build only: a wall clock that somebody sets. The file that SMSGATEWAY_CLOCK names holds how many seconds it is off; it is read ten times a second.
// Monotonic time goes on as it is, as it does when a machine's clock is set.
internal sealed class SetClock : TimeProvider, IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly string _file;
    private readonly ITimer _timer;
    private long _offTicks;

    public SetClock(string file)
    {
        _file = file;
        _timer = System.CreateTimer(_ => Read(), null, Look, Look);
    }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _offTicks));

    public void Dispose() => _timer.Dispose();

    private void Read()
    {
        try
        {
            if (double.TryParse(File.ReadAllText(_file), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
            {
                Volatile.Write(ref _offTicks, TimeSpan.FromSeconds(seconds).Ticks);
            }
        }
        catch (IOException)
        {
            // It is being written.
        }
    }
}
#endif
