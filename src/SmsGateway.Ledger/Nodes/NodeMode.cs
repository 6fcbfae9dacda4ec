namespace SmsGateway.Ledger;

/// <summary>What a node or a site is allowed to do; the more restrictive of the two holds (design 9.5). Stored as lower-case words.</summary>
public enum NodeMode : byte
{
    /// <summary>Accepts and emits.</summary>
    Hot = 0,

    /// <summary>Accepts nothing from customers and emits nothing; its carrier binds stay up, so that it is hot again within a second.</summary>
    Standby = 1,

    /// <summary>Finishes what is under way, hands over what it owns and unbinds its customers.</summary>
    Draining = 2,

    /// <summary>Drained, and unbound from the carriers too; only its admin API is of use.</summary>
    Down = 3,
}

/// <summary>The words of <see cref="NodeMode"/> in the ledger and the admin API.</summary>
public static class NodeModes
{
    /// <summary>The word.</summary>
    public static string Word(this NodeMode mode) => mode switch
    {
        NodeMode.Standby => "standby",
        NodeMode.Draining => "draining",
        NodeMode.Down => "down",
        _ => "hot",
    };

    /// <summary>The mode a word means; null for any other text.</summary>
    public static NodeMode? Parse(string? word) => word switch
    {
        "hot" => NodeMode.Hot,
        "standby" => NodeMode.Standby,
        "draining" => NodeMode.Draining,
        "down" => NodeMode.Down,
        _ => null,
    };
}
