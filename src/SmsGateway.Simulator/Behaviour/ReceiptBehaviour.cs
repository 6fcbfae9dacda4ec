namespace SmsGateway.Simulator.Behaviour;

/// <summary>How a simulated carrier sends delivery receipts.</summary>
internal sealed record ReceiptBehaviour
{
    /// <summary>False: no receipt at all.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>From the response to the (first) receipt. Negative: the receipt comes that long before the response.</summary>
    public DelayRange DelayMs { get; init; } = 100;

    /// <summary>Share of messages whose receipts never come.</summary>
    public double LoseRatio { get; init; }

    /// <summary>How often each receipt is sent again although it was acknowledged, octet for octet the same.</summary>
    public int RepeatCount { get; init; }

    /// <summary>Receipts before the final one, in this order, for example ENROUTE.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>Time between two of the several receipts.</summary>
    public DelayRange BetweenMs { get; init; } = 50;

    /// <summary>Final states by weight.</summary>
    public IReadOnlyDictionary<string, double> States { get; init; } = new Dictionary<string, double> { ["DELIVRD"] = 1 };

    /// <summary>How the id is written in receipts.</summary>
    public IdNotation IdNotation { get; init; } = IdNotation.Text;

    /// <summary>TLVs receipted_message_id and message_state are there.</summary>
    public bool Tlvs { get; init; } = true;

    /// <summary>The text's shape.</summary>
    public ReceiptDialect Dialect { get; init; } = ReceiptDialect.Appendix;
}

/// <summary>Receipt texts met in the wild.</summary>
internal enum ReceiptDialect
{
    /// <summary>SMPP 3.4, appendix B.</summary>
    Appendix,

    /// <summary>Dates as YYMMDDhhmmss.</summary>
    Seconds,

    /// <summary>Dates as YYYYMMDDhhmmss.</summary>
    LongDates,

    /// <summary><c>submitdate:</c> and <c>donedate:</c> without a space.</summary>
    Glued,

    /// <summary><c>Text:</c> with a capital letter.</summary>
    CapitalText,

    /// <summary>No text field.</summary>
    WithoutText,

    /// <summary>Fields in another order.</summary>
    Shuffled,

    /// <summary>Letters in <c>err</c>.</summary>
    AlphaError,

    /// <summary>An empty short message: only TLVs tell.</summary>
    Empty,
}
