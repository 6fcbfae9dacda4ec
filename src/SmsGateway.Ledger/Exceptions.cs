namespace SmsGateway.Ledger;

/// <summary>The ledger gave no answer in time; what was asked may or may not have been written. Asking again with the same ids is safe.</summary>
public class LedgerUnavailableException : Exception
{
    /// <summary>Creates the exception.</summary>
    public LedgerUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>
/// The ledger was restored to an earlier point in time, or a node believes so: no node gets an epoch (SQLSTATE SG002) until an operator releases it. To whoever
/// wants to emit it is out of reach.
/// </summary>
public sealed class QuarantinedException : LedgerUnavailableException
{
    /// <summary>Creates the exception.</summary>
    public QuarantinedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>This machine's clock is too far off the ledger's; the message says by how much.</summary>
public sealed class ClockMismatchException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ClockMismatchException(string message)
        : base(message)
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
