using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Callbacks;

// One URL of one account: makes single offers inside a Polly pipeline (circuit breaker around timeout). When offers keep failing the circuit
// opens and one probe at a time goes out. Retrying is not Polly's: the schedule is durable and lives in the outbox.
internal sealed partial class CallbackTarget
{
    private readonly string _account;
    private readonly Uri _url;
    private readonly string? _secret;
    private readonly ConfigurationState _configuration;
    private readonly HttpMessageInvoker _http;
    private readonly HostMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<CallbackAnswer> _pipeline;

    public CallbackTarget(
        AccountSettings account, ConfigurationState configuration, HttpMessageInvoker http, CallbackOptions options, HostMetrics metrics,
        TimeProvider time, ILogger logger)
    {
        (_account, _url, _secret) = (account.Name, account.CallbackUrl!, account.CallbackSecret);
        (_configuration, _http, _metrics, _time, _logger) = (configuration, http, metrics, time, logger);
        Name = _url.Authority;
        _pipeline = new ResiliencePipelineBuilder<CallbackAnswer> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<CallbackAnswer>
            {
                FailureRatio = 1,
                MinimumThroughput = options.BreakAfterFailures,
                SamplingDuration = options.BreakSampling,
                BreakDurationGenerator = arguments => ValueTask.FromResult(
                    options.BreakFor * Math.Min(12, Math.Pow(2, Math.Min(4, arguments.HalfOpenAttempts)))),
                ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Result.Result == CallbackResult.Failed),
                OnOpened = arguments => Opened(arguments),
                OnClosed = arguments => Closed(arguments),
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.Timeout })
            .Build();
    }

    /// <summary>Host and port, for the ledger's record of where it went.</summary>
    public string Name { get; }

    /// <summary>Whether the settings still say what this target was made from.</summary>
    public bool Suits(AccountSettings account) => account.CallbackUrl == _url && account.CallbackSecret == _secret;

    /// <summary>Offers a delivery once.</summary>
    public async ValueTask<CallbackAnswer> OfferAsync(Delivery delivery, CancellationToken abort)
    {
        var context = ResilienceContextPool.Shared.Get(abort);
        try
        {
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static async (context, state) => Outcome.FromResult(await state.Target.SendAsync(state.Delivery, context.CancellationToken, state.Abort)),
                context,
                (Target: this, Delivery: delivery, Abort: abort));
            return outcome.Exception switch
            {
                null => outcome.Result,
                BrokenCircuitException open => new(CallbackResult.Spared, "spared after failures", Wait(open)),
                _ when abort.IsCancellationRequested => new(CallbackResult.Aborted),
                var e => throw e, // SendAsync makes values of what can be expected
            };
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<CallbackAnswer> SendAsync(Delivery delivery, CancellationToken attempt, CancellationToken abort)
    {
        var started = _time.GetTimestamp();
        try
        {
            using var request = Request(delivery);
            using var response = await _http.SendAsync(request, attempt);
            _metrics.CallbackAnswered(_time.GetElapsedTime(started));
            return response.IsSuccessStatusCode
                ? new CallbackAnswer(CallbackResult.Acknowledged)
                : new CallbackAnswer(CallbackResult.Failed, $"status {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            return new CallbackAnswer(CallbackResult.Aborted);
        }
        catch (OperationCanceledException)
        {
            return new CallbackAnswer(CallbackResult.Failed, "no answer in time");
        }
        catch (HttpRequestException e)
        {
            return new CallbackAnswer(CallbackResult.Failed, Reason(e));
        }
    }

    private HttpRequestMessage Request(Delivery delivery)
    {
        var body = CallbackForm.Of(delivery, _configuration.Current);
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", CallbackForm.ContentType);
        var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = content };
        request.Headers.TryAddWithoutValidation("User-Agent", "SmsGateway");
        if (_secret is not null)
        {
            var now = _time.GetUtcNow().ToUnixTimeSeconds();
            request.Headers.TryAddWithoutValidation(CallbackSignature.Header, CallbackSignature.Of(_secret, now, body.Span));
        }

        return request;
    }

    private static string Reason(HttpRequestException e) => e.InnerException is TargetRefusedException refused
        ? refused.Message
        : $"{e.HttpRequestError}: {e.InnerException?.Message ?? e.Message}";

    // While a probe is out there is no time to name; a second is soon enough to ask again.
    private static TimeSpan Wait(BrokenCircuitException open) =>
        open.RetryAfter is { } wait && wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1);

    private ValueTask Opened(OnCircuitOpenedArguments<CallbackAnswer> opened)
    {
        Spared(_logger, _account, Name, opened.Outcome.Result.Reason, opened.BreakDuration);
        return ValueTask.CompletedTask;
    }

    private ValueTask Closed(OnCircuitClosedArguments<CallbackAnswer> closed)
    {
        if (!closed.IsManual)
        {
            Answering(_logger, _account, Name);
        }

        return ValueTask.CompletedTask;
    }

    [LoggerMessage(8000, LogLevel.Warning, "Callbacks of {Account} to {Target} fail ({Reason}); next probe in {Wait}")]
    private static partial void Spared(ILogger logger, string account, string target, string reason, TimeSpan wait);

    [LoggerMessage(8001, LogLevel.Information, "Callbacks of {Account} to {Target} are answered again")]
    private static partial void Answering(ILogger logger, string account, string target);
}
