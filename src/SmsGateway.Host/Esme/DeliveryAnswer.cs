using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Host.Esme;

/// <summary>What a client's answer to a deliver_sm means.</summary>
internal enum DeliveryAnswerKind
{
    Acknowledged,
    Retry,
    Park,
}

// The table from deliver_sm_resp to what happens next, and the back-off between offers.
internal static class DeliveryAnswer
{
    /// <summary>Offers that may fail with a status that is neither temporary nor permanent by the table.</summary>
    public const int MostOffers = 10;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(60);

    /// <param name="response">The response, or a generic_nack.</param>
    /// <param name="offers">Offers with this one.</param>
    public static DeliveryAnswerKind Of(Pdu response, int offers) => response.Status switch
    {
        CommandStatus.Ok when response.CommandId != CommandId.GenericNack => DeliveryAnswerKind.Acknowledged,
        CommandStatus.MessageQueueFull or CommandStatus.Throttled or CommandStatus.ReceiverTemporaryError or CommandStatus.SystemError =>
            DeliveryAnswerKind.Retry,
        CommandStatus.ReceiverPermanentError or CommandStatus.ReceiverReject => DeliveryAnswerKind.Park,
        _ => offers < MostOffers ? DeliveryAnswerKind.Retry : DeliveryAnswerKind.Park,
    };

    /// <summary>1 s, doubling, up to 60 s.</summary>
    /// <param name="offers">Offers before this one.</param>
    public static TimeSpan Delay(int offers)
    {
        var delay = TimeSpan.FromSeconds(1 << Math.Clamp(offers, 0, 6));
        return delay < LongestDelay ? delay : LongestDelay;
    }
}
