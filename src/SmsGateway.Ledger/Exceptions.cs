namespace SmsGateway.Ledger;

/// <summary>The ledger gave no answer in time; what was asked may or may not have been written. Asking again with the same ids is safe.</summary>
public sealed class LedgerUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public LedgerUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>This node's epoch is no longer the one in the ledger (SQLSTATE SG001): it must stop emitting at once.</summary>
public sealed class FencedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public FencedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>The ledger refused one item for what is in it, or answered in a way that cannot be: a defect, not an outage.</summary>
public sealed class LedgerDefectException : Exception
{
    /// <summary>Creates the exception.</summary>
    public LedgerDefectException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>The database's schema does not suit this build; the message says what to do.</summary>
public sealed class SchemaMismatchException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SchemaMismatchException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>Another process holds a live lease under this node's name; the message says which.</summary>
public sealed class NodeNameTakenException : Exception
{
    /// <summary>Creates the exception.</summary>
    public NodeNameTakenException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
