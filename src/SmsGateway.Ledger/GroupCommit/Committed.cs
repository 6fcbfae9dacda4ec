namespace SmsGateway.Ledger;

/// <summary>Called once per item after its batch was committed or has failed. Runs on the batch's thread: quick, and must not throw.</summary>
/// <param name="item">The item.</param>
/// <param name="result">The result; meaningless when <paramref name="failure"/> is set.</param>
/// <param name="failure">Why there is no result; null after a COMMIT.</param>
public delegate void Committed<in TItem, in TResult>(TItem item, TResult result, Exception? failure);
