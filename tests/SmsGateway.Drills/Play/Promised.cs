namespace SmsGateway.Drills.Play;

// Promises that a mutant breaks: its drill must fail for this and for nothing else.
internal static class Promised
{
    public const string NothingLost = "nothing lost";
    public const string NothingTwice = "nothing sent twice";
    public const string NothingAgainUnasked = "nothing is sent again that no policy or operator decided";
    public const string NoReceiptLost = "no receipt lost";
    public const string NoReceiptTwice = "no receipt twice under two delivery ids";
    public const string OldEpochSendsNothing = "an attempt that waits for its PDU when its epoch is taken over is never written";
    public const string OldEpochCommitsNothing = "an epoch that was taken over claims and attempts nothing";
}
