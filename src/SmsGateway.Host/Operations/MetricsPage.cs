using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace SmsGateway.Host.Operations;

// Owns the OpenTelemetry meter provider and renders one scrape at a time.
internal sealed class MetricsPage : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly SemaphoreSlim _oneScrape = new(1);
    private readonly PrometheusExporter _exporter = new();
    private readonly BaseExportingMetricReader _reader;
    private readonly MeterProvider _provider;

    // Takes the metrics so that their instruments exist before the first scrape.
    public MetricsPage(HostMetrics metrics)
    {
        metrics.Observe("smsgateway.log.dropped", "Log lines dropped because the console was too slow, since start", () => LogDrops.Instance.Dropped);
        _reader = new BaseExportingMetricReader(_exporter) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative };
        _provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter(metrics.Name, HostMetrics.MeterName + ".*", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql")
            .AddReader(_reader)
            .Build();
    }

    /// <summary>The page of this moment.</summary>
    /// <exception cref="OperationCanceledException">The scraper went away while another scrape was running.</exception>
    public async Task<ReadOnlyMemory<byte>> RenderAsync(CancellationToken stopping)
    {
        await _oneScrape.WaitAsync(stopping);
        try
        {
            return _reader.Collect() ? _exporter.Page : throw new InvalidOperationException("the metrics could not be collected");
        }
        finally
        {
            _oneScrape.Release();
        }
    }

    public void Dispose()
    {
        _provider.Dispose(); // disposes the reader and its exporter too
        _oneScrape.Dispose();
    }
}
