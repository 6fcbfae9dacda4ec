using SmsGateway.Host.Flow;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Esme;

// What this edge asks of the rest of the process, as delegates: production passes Acceptance and Deliveries, wire tests a
// scripted answer and a list.
internal sealed record EsmeFlow
{
    /// <summary>The node's name, the middle of every bind's name.</summary>
    public required string Node { get; init; }

    /// <summary>Takes one MT; completes after COMMIT.</summary>
    public required Submit Submit { get; init; }

    /// <summary>The SMPP lane of an account.</summary>
    public required Func<string, DeliveryLane> LaneOf { get; init; }

    /// <summary>The client has it; the text is the bind's name.</summary>
    public required Action<Delivery, string> Acknowledge { get; init; }

    /// <summary>Not taken: again at that time; the texts are the bind's name and why.</summary>
    public required Action<Delivery, DateTimeOffset, string, string> Retry { get; init; }

    /// <summary>Offered to a bind that is gone or silent: to another one at once.</summary>
    public required Action<Delivery> Return { get; init; }

    /// <summary>Given up, with a reason.</summary>
    public required Action<Delivery, string> Park { get; init; }

    /// <summary>Whether customers may bind: not while the node stops, and in mode hot only.</summary>
    public required Func<bool> Accepts { get; init; }

    /// <summary>Why not, for the log.</summary>
    public required Func<string> Word { get; init; }

    /// <summary>Calls back, for as long as the process lives, after <see cref="Accepts"/> changed.</summary>
    public required Action<Action> Follow { get; init; }
}
