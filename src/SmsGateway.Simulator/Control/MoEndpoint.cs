using System.Text;
using SmsGateway.Simulator.Carrier;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;
using SmsGateway.Smpp.Text;

namespace SmsGateway.Simulator.Control;

/// <summary>
/// Body of <c>POST /mo</c>. Text goes out as GSM 03.38 (data_coding 0) where it fits, else as UTF-16BE (8); hex goes out as it is. With
/// untilAcknowledged the same octets go out again, over any bind, until the gateway says OK or a minute is over, as a carrier would do it. With drop the
/// bind is closed as soon as the gateway has answered: the answer counts as lost.
/// </summary>
internal sealed record MoOrder(
    string? Source = null, string? Destination = null, string? Text = null, string? Hex = null, byte? DataCoding = null, byte EsmClass = 0,
    string? Bind = null, IReadOnlyDictionary<string, string>? Tlvs = null, bool UntilAcknowledged = false, bool Drop = false);

// Sends one deliver_sm and answers when the gateway has answered it, or not in time.
internal static class MoEndpoint
{
    private const int MaxShortMessage = 254;

    // A carrier delivers over all its binds, one after the other.
    private static uint _turn;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(60);

    public static async Task PostAsync(HttpContext context, CarrierRooms rooms)
    {
        (MoOrder? order, string? error) = await context.ReadAsync<MoOrder>();
        DeliverSm? pdu = null;
        if (order is not null)
            error = TryWrite(order, out pdu);
        if (pdu is null)
        {
            await context.AnswerAsync(new { error }, StatusCodes.Status400BadRequest);
            return;
        }

        using var beat = new PeriodicTimer(RetryAfter, rooms.Time);
        long start = rooms.Time.GetTimestamp();
        int offers = 0;
        do
        {
            var offer = new MoOffer();
            string? bind = Send(rooms, order!.Bind, pdu, offer);
            if (bind is null && order.UntilAcknowledged)
                continue;
            if (bind is null)
            {
                await context.AnswerAsync(new { error = "no receiving bind with a free window" }, StatusCodes.Status409Conflict);
                return;
            }

            offers++;
            (MoOutcome outcome, CommandStatus status) = await offer.End.WaitAsync(context.RequestAborted);
            bool acknowledged = outcome == MoOutcome.Answered && status == CommandStatus.Ok;
            if (order.UntilAcknowledged && !acknowledged)
                continue;
            if (order.Drop)
                rooms.Binds.Receiving.FirstOrDefault(one => one.Name == bind)?.Session.Close(SessionEndReason.Stopped);
            int code = outcome == MoOutcome.Answered ? StatusCodes.Status200OK : StatusCodes.Status504GatewayTimeout;
            await context.AnswerAsync(new { acknowledged, outcome, status = $"0x{(uint)status:X2}", bind, offers }, code);
            return;
        }
        while (rooms.Time.GetElapsedTime(start) < GiveUpAfter && await beat.WaitForNextTickAsync(context.RequestAborted));
        await context.AnswerAsync(new { acknowledged = false, offers }, StatusCodes.Status504GatewayTimeout);
    }

    private static string? Send(CarrierRooms rooms, string? wanted, DeliverSm pdu, MoOffer offer)
    {
        CarrierBind[] receiving = rooms.Binds.Receiving;
        uint first = Interlocked.Increment(ref _turn);
        for (uint i = 0; i < receiving.Length; i++)
        {
            CarrierBind bind = receiving[(first + i) % receiving.Length];
            if ((wanted is null || bind.Name == wanted) && bind.Session.TrySend(pdu, offer))
                return bind.Name;
        }

        return null;
    }

    private static string? TryWrite(MoOrder order, out DeliverSm? pdu)
    {
        pdu = null;
        if (order.Source is not { Length: > 0 and <= 20 } source || order.Destination is not { Length: > 0 and <= 20 } destination)
            return "source and destination are needed, at most 20 characters each";
        if (order.Text is null == order.Hex is null)
            return "either text or hex is needed";
        if (!TryPayload(order, out byte[] payload, out byte coding))
            return "the text is not in that alphabet, or hex is not hexadecimal";

        var tlvs = new List<Tlv>();
        foreach ((string tag, string hex) in order.Tlvs ?? new Dictionary<string, string>())
        {
            if (!ushort.TryParse(tag.AsSpan(tag.StartsWith("0x", StringComparison.Ordinal) ? 2 : 0), System.Globalization.NumberStyles.HexNumber, null, out ushort number)
                || !TryHex(hex, out byte[] value))
            {
                return $"tlvs: \"{tag}\" must be a hexadecimal tag with a hexadecimal value";
            }

            tlvs.Add(new Tlv(number, value));
        }

        bool isLong = payload.Length > MaxShortMessage;
        if (isLong)
            tlvs.Add(new Tlv(TlvTag.MessagePayload, payload));
        pdu = new DeliverSm
        {
            SourceAddr = source,
            DestinationAddr = destination,
            EsmClass = order.EsmClass,
            DataCoding = coding,
            ShortMessage = isLong ? default : payload,
            Tlvs = TlvList.Create(tlvs.ToArray()),
        };
        return null;
    }

    private static bool TryPayload(MoOrder order, out byte[] payload, out byte coding)
    {
        coding = order.DataCoding ?? 0;
        if (order.Hex is not null)
            return TryHex(order.Hex, out payload);
        if (order.DataCoding is null)
        {
            if (Gsm0338.TryEncode(order.Text, out payload))
                return true;
            coding = 8;
            payload = Encoding.BigEndianUnicode.GetBytes(order.Text!);
            return true;
        }

        payload = [];
        return DataCoding.TryGetAlphabet(coding, Alphabet.Gsm0338, out Alphabet alphabet) && DataCoding.TryEncode(alphabet, order.Text!, out payload);
    }

    private static bool TryHex(string hex, out byte[] octets)
    {
        octets = new byte[hex.Length / 2];
        return hex.Length % 2 == 0 && Convert.FromHexString(hex, octets, out _, out _) == System.Buffers.OperationStatus.Done;
    }
}
