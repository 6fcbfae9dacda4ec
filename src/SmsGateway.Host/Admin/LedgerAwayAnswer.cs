using Microsoft.AspNetCore.Diagnostics;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Admin;

// A ledger that is away is no defect of the admin interface: 503 with the reason instead of 500.
internal sealed class LedgerAwayAnswer : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not LedgerUnavailableException)
        {
            return false;
        }

        await Results.Problem(exception.Message, statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(httpContext);
        return true;
    }
}
