using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Carriers;

/// <summary>
/// Opens after so many system errors or missing responses in a row and stays open for a pause; then the next answer decides:
/// good closes it, bad opens it again at once. A pure value over timestamps; its owner serialises.
/// </summary>
internal struct Circuit(CarrierCircuit limits, long frequency)
{
    private readonly int _limit = limits.Failures;
    private readonly long _pause = (long)(limits.Pause.TotalSeconds * frequency);
    private int _failures;
    private long _openUntil = long.MinValue;

    public readonly int Failures => _failures;

    public readonly bool IsOpen(long now) => now < _openUntil;

    /// <summary>Ticks until it closes; 0 = closed.</summary>
    public readonly long TicksUntilClosed(long now) => IsOpen(now) ? _openUntil - now : 0;

    public void Succeeded() => _failures = 0;

    /// <returns>True when this failure opened it.</returns>
    public bool Failed(long now)
    {
        if (IsOpen(now))
        {
            return false;
        }

        // After a pause the count stands one below the limit: one more failure is enough.
        _failures = Math.Min(_failures + 1, _limit);
        if (_failures < _limit)
        {
            return false;
        }

        _failures = Math.Max(0, _limit - 1);
        _openUntil = now + _pause;
        return true;
    }
}
