using SmsGateway.Simulator.Carrier;

namespace SmsGateway.Simulator.Behaviour;

/// <summary>What JSON types cannot say about a behaviour: ratios, words, lengths.</summary>
internal static class BehaviourCheck
{
    public static string? Errors(CarrierBehaviour b)
    {
        var errors = new List<string>();
        Ratio(errors, "loseAnswerRatio", b.LoseAnswerRatio);
        Ratio(errors, "repeatAnswerRatio", b.RepeatAnswerRatio);
        Ratio(errors, "throttleRatio", b.ThrottleRatio);
        Ratio(errors, "refuseRatio", b.RefuseRatio);
        Ratio(errors, "receipts.loseRatio", b.Receipts.LoseRatio);
        if (b.AnswerDelayMs.Min < 0)
            errors.Add("answerDelayMs must not be negative");
        if (b.Receipts.BetweenMs.Min < 0)
            errors.Add("receipts.betweenMs must not be negative");
        if (b.Receipts.RepeatCount is < 0 or > 100)
            errors.Add("receipts.repeatCount must be 0 to 100");
        if (b.ThrottlePerSecond < 0 || b.DisconnectEverySubmits < 0 || b.DisconnectAfterMs < 0 || b.MaxWindow < 0)
            errors.Add("throttlePerSecond, disconnectEverySubmits, disconnectAfterMs and maxWindow must not be negative");
        if (b.DeliverWindow is < 1 or > 100_000 || b.DeliverTimeoutMs < 1)
            errors.Add("deliverWindow must be 1 to 100000 and deliverTimeoutMs at least 1");
        if (b.ThrottleStatus == 0 || b.RefuseStatus == 0)
            errors.Add("throttleStatus and refuseStatus must not be 0");
        if (b.Ids.Prefix.Length > 40 || b.Ids.Prefix.Any(c => c is <= ' ' or > '~'))
            errors.Add("ids.prefix must be at most 40 printable ASCII characters");
        if (b.Ids.Start < 0)
            errors.Add("ids.start must not be negative");
        foreach (string word in b.Receipts.Before.Concat(b.Receipts.States.Keys))
        {
            if (!ReceiptWords.TryParse(word, out _))
                errors.Add($"\"{word}\" is no receipt state");
        }

        foreach (string word in b.Receipts.States.Keys)
        {
            if (ReceiptWords.TryParse(word, out byte state) && !ReceiptWords.IsFinal(state))
                errors.Add($"receipts.states: \"{word}\" is not final");
        }

        if (!b.Receipts.States.Values.Any(w => w > 0) || b.Receipts.States.Values.Any(w => w < 0))
            errors.Add("receipts.states needs weights of which one is above 0 and none below");
        return errors.Count == 0 ? null : string.Join("; ", errors);
    }

    private static void Ratio(List<string> errors, string name, double value)
    {
        if (value is not (>= 0 and <= 1))
            errors.Add($"{name} must be between 0 and 1");
    }
}
