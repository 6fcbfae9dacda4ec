using System.Threading.Channels;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Callbacks;

/// <summary>Where the deliveries of accounts with a callback URL come from.</summary>
/// <param name="LaneOf">The bounded lane of an account.</param>
/// <param name="SetOpen">Tells whether an account's callbacks can be taken now; nothing is read from the outbox for one that is not open.</param>
/// <param name="Keeps">Whether a delivery that was read a while ago may still be pushed; if not it has gone back, and is forgotten.</param>
internal sealed record CallbackIntake(Func<string, ChannelReader<Delivery>> LaneOf, Action<string, bool> SetOpen, Func<Delivery, bool> Keeps);
