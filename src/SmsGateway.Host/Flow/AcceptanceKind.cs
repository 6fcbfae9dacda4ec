namespace SmsGateway.Host.Flow;

/// <summary>How a submission ended. Each edge has one table from these to its own status codes.</summary>
internal enum AcceptanceKind
{
    /// <summary>Durable and owed to a carrier.</summary>
    Accepted,

    /// <summary>The same key with the same content came before; the first id and parts are given again.</summary>
    Duplicate,

    /// <summary>The same key came before with other content.</summary>
    Conflict,

    /// <summary>More parts than the account may send in one message.</summary>
    TooLong,

    /// <summary>No enabled route for this destination.</summary>
    NoRoute,

    /// <summary>The connector asked for does not exist or is disabled.</summary>
    UnknownCarrier,

    /// <summary>Over the account's rate; RetryAfter says when a token is there again.</summary>
    RateLimited,

    /// <summary>Over the account's queue limit, or this node's queue is full.</summary>
    QueueFull,

    /// <summary>The ledger is out of reach.</summary>
    Unavailable,

    /// <summary>The node is stopping.</summary>
    Draining,

    /// <summary>The text or payload cannot be written in the encoding it names.</summary>
    Unencodable,
}
