using System.Buffers;
using System.Text;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Security;

namespace SmsGateway.Host.Receiver;

/// <summary>GET and POST /httpapi/receiver: parameters in, one MT handed to Acceptance, JSON out. No framework between the socket and this: it is the
/// hottest path of HTTP. Every case is a row of docs/http-api.md.</summary>
internal sealed partial class ReceiverEndpoint(
    ConfigurationState configuration,
    CredentialCheck credentials,
    Submit submit,
    Draining draining,
    IOptions<ReceiverOptions> options,
    HostMetrics metrics,
    ILogger<ReceiverEndpoint> logger)
{
    public const string Path = "/httpapi/receiver";

    private static readonly TimeSpan RetryWhenBusy = TimeSpan.FromSeconds(1);

    private readonly ReceiverOptions _options = options.Value;

    public async Task HandleAsync(HttpContext context)
    {
        var post = HttpMethods.IsPost(context.Request.Method);
        if (!post && !HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, POST";
            return;
        }

        var form = new ReceiverForm();
        AddQuery(context.Request.QueryString.Value, form);
        var answer = (post ? await RequestBody.ReadAsync(context.Request, form, _options.MaxBodyBytes) : null) ?? await AnswerAsync(form);
        if (draining.IsDraining)
        {
            context.Response.Headers.Connection = "close"; // the next request finds another node, before the listener closes
        }

        var messageId = form[ReceiverParameter.MessageId];
        answer.Write(context.Response, messageId is { Length: > 0 and <= 128 } ? messageId : null);
    }

    private static void AddQuery(string? query, ReceiverForm form)
    {
        if (query is not { Length: > 1 })
        {
            return;
        }

        // The server leaves the query string escaped and takes ASCII only, so this is a plain narrowing.
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(query.Length));
        var length = Encoding.UTF8.GetBytes(query.AsSpan(1), rented);
        form.Add(rented.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(rented, clearArray: true); // it held a password
    }

    private async ValueTask<ReceiverAnswer> AnswerAsync(ReceiverForm form)
    {
        var login = form[ReceiverParameter.Login];
        var password = form[ReceiverParameter.Password];
        if (form.Error is { } error)
        {
            return BadParameter("", error);
        }

        if (login is not { Length: > 0 } || password is not { Length: > 0 })
        {
            return BadParameter("", login is { Length: > 0 } ? "password: missing" : "login: missing");
        }

        if (configuration.Current.Version == 0)
        {
            // "Wrong password" would make a customer give up over a node that has not read its accounts yet.
            return ReceiverAnswer.Refused(503, ResultCodes.Internal, "the node has no configuration yet", _options.RetryAfter);
        }

        var checkedLogin = await credentials.CheckAsync(login, password);
        if (checkedLogin.Account is not { } account)
        {
            return NotLoggedIn(checkedLogin.Verdict);
        }

        if (!SubmissionReader.TryRead(form, account, out var submission, out var refusal))
        {
            metrics.Submission("http", account.Name, refusal.Status == 403 ? "sender_not_enabled" : "bad_parameter");
            return refusal;
        }

        return await SubmitAsync(submission!);
    }

    private ReceiverAnswer NotLoggedIn(CredentialVerdict verdict)
    {
        if (verdict == CredentialVerdict.Busy)
        {
            metrics.Submission("http", "", "busy");
            return ReceiverAnswer.Refused(503, ResultCodes.Internal, "too many logins are being checked", RetryWhenBusy);
        }

        metrics.Submission("http", "", "not_authenticated");
        return ReceiverAnswer.Refused(401, ResultCodes.Authentication, "login or password wrong, or account disabled");
    }

    private ReceiverAnswer BadParameter(string account, string error)
    {
        metrics.Submission("http", account, "bad_parameter");
        return ReceiverAnswer.Refused(400, ResultCodes.BadParameter, error);
    }

    private async ValueTask<ReceiverAnswer> SubmitAsync(Submission submission)
    {
        try
        {
            // No token: a client that hangs up has not taken back what it asked for, and its repeat finds the answer.
            return ReceiverAnswer.Of(await submit(submission, CancellationToken.None));
        }
        catch (Exception e)
        {
            SubmissionFailed(logger, e, submission.Account.Name);
            return ReceiverAnswer.Refused(500, ResultCodes.Internal, "internal error; the message may or may not have been taken");
        }
    }

    [LoggerMessage(1000, LogLevel.Error, "A submission of account {Account} failed")]
    private static partial void SubmissionFailed(ILogger logger, Exception e, string account);

    // Next free id in Receiver: 1001.
}
