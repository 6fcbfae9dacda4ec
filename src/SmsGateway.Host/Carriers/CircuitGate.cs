using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Carriers;

// The circuit of one connector, shared by its binds: they report answers and silences, the connector hears when it opened
// and when its pause is over.
internal sealed class CircuitGate : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Action _changed;
    private readonly TimeSpan _pause;
    private readonly ITimer _timer;
    private Circuit _circuit;

    public CircuitGate(CarrierCircuit limits, TimeProvider time, Action changed)
    {
        _time = time;
        _changed = changed;
        _pause = limits.Pause;
        _circuit = new Circuit(limits, time.TimestampFrequency);
        _timer = time.CreateTimer(_ => PauseOver(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public bool IsOpen
    {
        get
        {
            lock (_gate)
            {
                return _circuit.IsOpen(_time.GetTimestamp());
            }
        }
    }

    public void Succeeded()
    {
        lock (_gate)
        {
            _circuit.Succeeded();
        }
    }

    public void Failed()
    {
        lock (_gate)
        {
            if (!_circuit.Failed(_time.GetTimestamp()))
            {
                return;
            }
        }

        _timer.Change(_pause, Timeout.InfiniteTimeSpan);
        _changed();
    }

    public void Dispose() => _timer.Dispose();

    // A timer may be a few milliseconds early by the clock that the circuit goes by.
    private void PauseOver()
    {
        long left;
        lock (_gate)
        {
            left = _circuit.TicksUntilClosed(_time.GetTimestamp());
        }

        if (left > 0)
        {
            _timer.Change(TimeSpan.FromSeconds((double)left / _time.TimestampFrequency) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            return;
        }

        _changed();
    }
}
