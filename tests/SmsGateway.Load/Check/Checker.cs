using System.Numerics;
using SmsGateway.Load.Journal;

namespace SmsGateway.Load.Check;

/// <summary>How many of a kind, and the first of them by marker.</summary>
internal sealed class Findings(Marker marker)
{
    private const int Listed = 20;

    public int Count { get; private set; }

    /// <summary>Up to 20 markers.</summary>
    public List<string> Ids { get; } = [];

    public void Add(int number)
    {
        Count++;
        if (Ids.Count < Listed)
            Ids.Add(marker.Of(number));
    }
}

/// <summary>What came out when all journals of a run were laid side by side.</summary>
internal sealed class CheckResult(Marker marker)
{
    /// <summary>Messages the gateway answered with OK.</summary>
    public int Accepted { get; set; }

    /// <summary>Messages a carrier took.</summary>
    public int Emitted { get; set; }

    /// <summary>(message, state) receipts the carriers made for this run.</summary>
    public int ReceiptsExpected { get; set; }

    /// <summary>Of those, received by the client.</summary>
    public int Receipts { get; set; }

    /// <summary>Receipts no carrier made: EXPIRED and the like, the gateway's own.</summary>
    public int ReceiptsOfGateway { get; set; }

    /// <summary>Accepted, at no carrier, and not a doubt.</summary>
    public Findings Lost { get; } = new(marker);

    /// <summary>Taken more than once by the carriers together, and not marked as a possible duplicate.</summary>
    public Findings Duplicated { get; } = new(marker);

    /// <summary>Taken more than once, which a policy or an operator decided: the gateway marks them as possible duplicates.</summary>
    public Findings SentAgain { get; } = new(marker);

    /// <summary>Accepted, and every carrier that saw it refused it.</summary>
    public Findings RefusedByCarrier { get; } = new(marker);

    /// <summary>Messages in doubt whose receipts were made and did not arrive: the gateway parks them, because it never learnt the carrier's id.</summary>
    public Findings ReceiptsOfDoubts { get; } = new(marker);

    /// <summary>Messages whose receipts were made and did not (all) arrive, though they are not in doubt.</summary>
    public Findings ReceiptsLost { get; } = new(marker);

    /// <summary>
    /// Messages of which a state came again under another delivery id, though no carrier took them again (each submit has receipts of its own). That a delivery
    /// comes again under its own id is allowed.
    /// </summary>
    public Findings ReceiptsTwice { get; } = new(marker);

    /// <summary>The gateway lists them as in doubt.</summary>
    public Findings InDoubt { get; } = new(marker);

    /// <summary>In doubt, and no carrier saw them.</summary>
    public Findings InDoubtUnseen { get; } = new(marker);

    /// <summary>At a carrier, though the client never got an OK: allowed, it may not give up on them.</summary>
    public Findings EmittedUnaccepted { get; } = new(marker);

    /// <summary>
    /// Accepted, less what carriers took of it, less doubts that no carrier saw, less what carriers refused: anything but zero is a message nobody can account for.
    /// </summary>
    public int Unaccounted => Accepted - (Emitted - EmittedUnaccepted.Count) - InDoubtUnseen.Count - RefusedByCarrier.Count;

    /// <summary>Nothing lost, nothing duplicated without a mark, no receipt missing or forwarded twice, and the accounts add up.</summary>
    public bool Passed => Lost.Count == 0 && Duplicated.Count == 0 && ReceiptsLost.Count == 0 && ReceiptsTwice.Count == 0 && Unaccounted == 0;
}

/// <summary>Lays the client's books, the carriers' journals and the gateway's list of doubts side by side.</summary>
internal static class Checker
{
    public static CheckResult Check(Marker marker, MessageBook messages, ReceiptBook receipts, CarrierTally carriers, DoubtList listed, bool expectReceipts)
    {
        var result = new CheckResult(marker);
        for (int i = 0; i < messages.Issued; i++)
        {
            bool accepted = messages.IsAccepted(i);
            bool doubt = accepted && listed.Ids.Contains(messages.Id(i));
            int taken = carriers.Taken(i);
            result.Accepted += accepted ? 1 : 0;
            result.Emitted += taken > 0 ? 1 : 0;
            if (taken > 1)
                (accepted && listed.SentAgain.Contains(messages.Id(i)) ? result.SentAgain : result.Duplicated).Add(i);
            if (taken > 0 && !accepted)
                result.EmittedUnaccepted.Add(i);
            if (doubt)
                result.InDoubt.Add(i);
            if (doubt && taken == 0)
                result.InDoubtUnseen.Add(i);
            else if (accepted && taken == 0 && carriers.Refused(i) > 0)
                result.RefusedByCarrier.Add(i);
            else if (accepted && taken == 0)
                result.Lost.Add(i);
            if (expectReceipts)
                CheckReceipts(result, i, doubt, carriers.ReceiptStates(i), receipts.States(i));
            if (receipts.Again(i) > Math.Max(0, taken - 1) * BitOperations.PopCount(receipts.States(i)))
                result.ReceiptsTwice.Add(i);
        }

        return result;
    }

    private static void CheckReceipts(CheckResult result, int number, bool doubt, byte made, byte received)
    {
        result.ReceiptsExpected += BitOperations.PopCount(made);
        result.Receipts += BitOperations.PopCount((uint)(made & received));
        result.ReceiptsOfGateway += BitOperations.PopCount((uint)(received & ~made));
        if ((made & ~received) != 0)
            (doubt ? result.ReceiptsOfDoubts : result.ReceiptsLost).Add(number);
    }
}
