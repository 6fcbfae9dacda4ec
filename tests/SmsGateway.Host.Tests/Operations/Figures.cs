using System.Diagnostics.Metrics;
using System.Globalization;
using SmsGateway.Host.Operations;

namespace SmsGateway.Host.Tests.Operations;

// What one host counts: the metrics page of a process shows all hosts in it, and tests run several.
internal static class Figures
{
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
