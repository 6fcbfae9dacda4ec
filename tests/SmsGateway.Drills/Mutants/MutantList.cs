using SmsGateway.Drills.Play;

namespace SmsGateway.Drills.Mutants;

/// <summary>Every mutant, by the order of a message's way.</summary>
internal static class MutantList
{
    public static IReadOnlyList<MutantCase> All { get; } =
    [
        new("acknowledge-before-commit", "OK is answered while the claim is still to be committed", "kill-unclaimed", Promised.NothingLost),
        new("commit-warning-ignored", "a COMMIT that came with a warning counts as committed", "ledger-waits-cancelled", Promised.NothingLost),
        new("journal-without-fsync", "what comes in on hold is acknowledged without the journal's fsync", "kill-holding", Promised.NothingLost),
        new("epoch-ignored", "the ledger does not check the epoch of who claims and attempts", "freeze-claiming", Promised.OldEpochCommitsNothing),
        new("attempt-after-pdu", "the PDU is written first and its attempt committed afterwards", "kill-unattempted", Promised.NothingTwice),
        new("lease-unchecked", "a node writes PDUs without asking whether it still holds the epoch of their attempts", "freeze-attempted", Promised.OldEpochSendsNothing),
        new("doubt-sent-again", "what is in doubt is sent again, whatever the carrier's policy is", "carrier-black-hole", Promised.NothingAgainUnasked),
        new("parked-receipt-dropped", "a receipt that finds no message yet is acknowledged and not stored", "receipts-early", Promised.NoReceiptLost),
        new("repeated-receipt-forwarded", "a receipt that a carrier repeats is taken for another one", "receipts-repeated", Promised.NoReceiptTwice),
    ];

    public static MutantCase? Find(string name) => All.FirstOrDefault(mutant => mutant.Name == name);
}
