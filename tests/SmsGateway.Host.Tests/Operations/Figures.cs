using System.Diagnostics.Metrics;
using System.Globalization;
using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Tests.Operations;

// What one host counts, where a process has many of them.
internal static class Figures
{
    /// <summary>Metrics under a name of their own, for a page that must not show those of the hosts beside it, nor lose them with their end.</summary>
    public static HostMetrics OfTheirOwn() => new($"test.{Guid.NewGuid():n}");

    /// <summary>Every observed figure now, as <c>name{label}</c>; one label at most.</summary>
    public static Dictionary<string, double> Observed(HostMetrics metrics)
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, metrics) && instrument.IsObservable)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => figures[Name(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => figures[Name(instrument, tags)] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return figures;
    }

    private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        tags.Length == 0 ? instrument.Name : string.Create(CultureInfo.InvariantCulture, $"{instrument.Name}{{{tags[0].Value}}}");
}
