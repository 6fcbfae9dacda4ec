using System.Runtime.CompilerServices;
using SmsGateway.Host.Flow;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Esme;

// One submit_sm between its reading and its answer. The answer is given on the thread that completes the claim: no task and
// no hop per message. The session counts it, and a stop waits for that count.
internal sealed class SubmitInFlight(EsmeSession owner, SmppSession session, SubmitSm request)
{
    private ValueTaskAwaiter<AcceptanceResult> _awaiter;

    public SmppSession Session { get; } = session;

    public SubmitSm Request { get; } = request;

    public void Await(ValueTask<AcceptanceResult> answer)
    {
        _awaiter = answer.GetAwaiter();
        if (_awaiter.IsCompleted)
        {
            Complete();
        }
        else
        {
            _awaiter.UnsafeOnCompleted(Complete);
        }
    }

    private void Complete()
    {
        AcceptanceResult result;
        try
        {
            result = _awaiter.GetResult();
        }
        catch (Exception error)
        {
            owner.Failed(this, error);
            return;
        }

        owner.Answer(this, result);
    }
}
