using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Esme;

internal sealed partial class EsmeSession
{
    public void OnResponse(SmppSession session, PendingRequest request, Pdu response)
    {
        var bind = _bind!;
        var delivery = (Delivery)request.Context!;
        bind.Answered(request.Overdue);
        if (!request.Overdue)
        {
            load.Deliveries.Exit();
        }

        switch (DeliveryAnswer.Of(response, delivery.Offers + 1))
        {
            case DeliveryAnswerKind.Acknowledged:
                flow.Acknowledge(delivery, bind.Name); // a late one too: the client has it
                break;
            case var _ when request.Overdue:
                break; // offered elsewhere meanwhile
            case DeliveryAnswerKind.Retry:
                flow.Retry(delivery, time.GetUtcNow() + DeliveryAnswer.Delay(delivery.Offers), bind.Name, Reason(response.Status));
                break;
            default:
                log.DeliveryParked(bind.Name, delivery.Id, response.Status);
                flow.Park(delivery, Reason(response.Status));
                break;
        }
    }

    public void OnOverdue(SmppSession session, PendingRequest request)
    {
        var bind = _bind!;
        var delivery = (Delivery)request.Context!;
        bind.Overdue();
        load.Deliveries.Exit();
        log.DeliveryOverdue(bind.Name);
        if (bind.Account.HasOtherReceiver(bind))
        {
            flow.Return(delivery);
        }
        else
        {
            flow.Retry(delivery, time.GetUtcNow() + DeliveryAnswer.Delay(delivery.Offers), bind.Name, "no deliver_sm_resp in time");
        }
    }

    // False for what was overdue: it went elsewhere then.
    private bool GiveBack(PendingRequest lost)
    {
        if (lost.Overdue || lost.Context is not Delivery delivery)
        {
            return false;
        }

        load.Deliveries.Exit();
        flow.Return(delivery);
        return true;
    }

    private static string Reason(CommandStatus status) => $"deliver_sm_resp 0x{(uint)status:X}";
}
