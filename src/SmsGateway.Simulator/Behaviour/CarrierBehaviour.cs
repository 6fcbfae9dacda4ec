using System.Text.Json.Serialization;

namespace SmsGateway.Simulator.Behaviour;

/// <summary>How a simulated carrier behaves. Every default is that of a well-behaved carrier; ratios are between 0 and 1.</summary>
internal sealed record CarrierBehaviour
{
    /// <summary>Time between a submit_sm and its response.</summary>
    public DelayRange AnswerDelayMs { get; init; }

    /// <summary>Share of submits that are taken (receipts come) but never answered.</summary>
    public double LoseAnswerRatio { get; init; }

    /// <summary>Share of submits whose response is sent twice.</summary>
    public double RepeatAnswerRatio { get; init; }

    /// <summary>Responses of one read are sent in shuffled order.</summary>
    public bool AnswersOutOfOrder { get; init; }

    /// <summary>Share of submits refused with <see cref="ThrottleStatus"/>.</summary>
    public double ThrottleRatio { get; init; }

    /// <summary>More submits than this in one second are refused with <see cref="ThrottleStatus"/>; 0 = no limit.</summary>
    public int ThrottlePerSecond { get; init; }

    /// <summary>Status of a throttled submit.</summary>
    [JsonConverter(typeof(StatusConverter))]
    public uint ThrottleStatus { get; init; } = 0x58;

    /// <summary>Share of submits refused with <see cref="RefuseStatus"/>.</summary>
    public double RefuseRatio { get; init; }

    /// <summary>Destinations that end so are refused with <see cref="RefuseStatus"/>.</summary>
    public IReadOnlyList<string> RefuseDestinationSuffixes { get; init; } = [];

    /// <summary>Status of a refused submit.</summary>
    [JsonConverter(typeof(StatusConverter))]
    public uint RefuseStatus { get; init; } = 0x0B;

    /// <summary>Status every bind is refused with; 0 = binds are taken.</summary>
    [JsonConverter(typeof(StatusConverter))]
    public uint RefuseBinds { get; init; }

    /// <summary>Nothing is read from any socket while this is set.</summary>
    public bool StopReading { get; init; }

    /// <summary>Submits are read and journaled; there is neither answer nor receipt.</summary>
    public bool BlackHole { get; init; }

    /// <summary>The connection is cut after each so many submits on it; 0 = never.</summary>
    public int DisconnectEverySubmits { get; init; }

    /// <summary>Each bind is cut so long after it was bound; 0 = never.</summary>
    public int DisconnectAfterMs { get; init; }

    /// <summary>Unanswered submits on one bind beyond this are refused with <see cref="ThrottleStatus"/>; 0 = no limit.</summary>
    public int MaxWindow { get; init; }

    /// <summary>Unanswered deliver_sm on one bind (taken at bind time).</summary>
    public int DeliverWindow { get; init; } = 100;

    /// <summary>A deliver_sm without answer goes to another bind after this (taken at bind time; looked at about once a second).</summary>
    public int DeliverTimeoutMs { get; init; } = 10_000;

    /// <summary>The carrier's own message ids.</summary>
    public IdBehaviour Ids { get; init; } = new();

    /// <summary>Delivery receipts.</summary>
    public ReceiptBehaviour Receipts { get; init; } = new();
}

/// <summary>How the carrier numbers messages. A plain decimal counter from 1 by default, so two carriers give equal ids, as they do in life.</summary>
internal sealed record IdBehaviour
{
    /// <summary>The next id when this is set anew.</summary>
    public long Start { get; init; } = 1;

    /// <summary>Put in front of each id, at most 40 ASCII characters.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Notation in submit_sm_resp.</summary>
    public IdNotation Notation { get; init; } = IdNotation.Text;
}

/// <summary>How an id is written.</summary>
internal enum IdNotation
{
    /// <summary>In a response: decimal. In a receipt: exactly as in the response.</summary>
    Text,

    /// <summary>Decimal.</summary>
    Decimal,

    /// <summary>Hexadecimal, lower case, no leading zeros.</summary>
    Hex,

    /// <summary>Hexadecimal, upper case, eight digits.</summary>
    UpperHex,

    /// <summary>As in the response, in upper case.</summary>
    Upper,
}
