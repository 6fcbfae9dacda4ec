using System.Text;
using SmsGateway.Load.Smpp;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Load.Ids;

// The copies of one id over SMPP: over as many binds, or all over one bind, where they leave in one write.
internal sealed class SmppCopies(MessageMaker maker, IReadOnlyList<SmppSession> sessions, int times, bool oneBind, int first) : ICopies
{
    public async Task<IdAnswer[]> SendAsync(int number, bool sameContents, CancellationToken ct)
    {
        var sending = new Task<IdAnswer>[times];
        for (int i = 0; i < times; i++)
        {
            SmppSession session = sessions[oneBind ? first % sessions.Count : (first + i) % sessions.Count];
            sending[i] = OneAsync(session, Variant(number, sameContents ? 0 : i), ct);
        }

        return await Task.WhenAll(sending);
    }

    public void Dispose()
    {
    }

    private SubmitSm Variant(int number, int variant)
    {
        SubmitSm submit = maker.Make(number);
        return variant == 0 ? submit : submit with { ShortMessage = (byte[])[.. submit.ShortMessage.Span, .. Encoding.ASCII.GetBytes($" {variant}")] };
    }

    private static async Task<IdAnswer> OneAsync(SmppSession session, SubmitSm submit, CancellationToken ct)
    {
        try
        {
            Pdu answer = await session.RequestAsync(submit, ct);
            string id = answer is SubmitSmResp { Status: CommandStatus.Ok, MessageId: { } given } ? given : "";
            AnswerKind kind = answer.Status switch
            {
                CommandStatus.Ok => AnswerKind.Accepted,
                CommandStatus.SubmitFailed => AnswerKind.Conflict,
                _ => AnswerKind.Other,
            };
            return new IdAnswer(kind, id, $"0x{(uint)answer.Status:X2}");
        }
        catch (Exception e) when (e is TimeoutException or SessionEndedException)
        {
            return new IdAnswer(AnswerKind.Other, "", e.Message);
        }
    }
}
