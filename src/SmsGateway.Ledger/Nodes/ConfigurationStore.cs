namespace SmsGateway.Ledger;

/// <summary>One version of the configuration document.</summary>
/// <param name="Version">Grows with each apply.</param>
/// <param name="Document">The whole document, JSON.</param>
/// <param name="Hash">Hash of its canonical form, as the caller gave it.</param>
/// <param name="AppliedAt">When.</param>
/// <param name="AppliedBy">By whom.</param>
/// <param name="Note">Why; null when not told.</param>
public sealed record ConfigurationVersion(long Version, string Document, string Hash, DateTimeOffset AppliedAt, string AppliedBy, string? Note);

/// <summary>The versioned configuration: whole documents, the highest version is in force; roll back by applying an older one again.</summary>
public sealed class ConfigurationStore
{
    /// <summary>The version in force; null when none was ever applied.</summary>
    public Task<ConfigurationVersion?> LatestAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>A version by its number; null when there is none.</summary>
    public Task<ConfigurationVersion?> VersionAsync(long version, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Makes a document the one in force, then tells the nodes.</summary>
    /// <param name="document">The whole document, JSON.</param>
    /// <param name="hash">Hash of its canonical form.</param>
    /// <param name="appliedBy">By whom.</param>
    /// <param name="note">Why; may be null.</param>
    /// <param name="onlyIfEmpty">Apply nothing when there is a version already.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The new version, or null when <paramref name="onlyIfEmpty"/> kept it out.</returns>
    public Task<long?> ApplyAsync(string document, string hash, string appliedBy, string? note, bool onlyIfEmpty, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>
    /// Yields each version newer than <paramref name="known"/>, within a second: LISTEN is the hint, a poll each second the truth.
    /// Goes on through outages of the ledger; ends with the token.
    /// </summary>
    public IAsyncEnumerable<ConfigurationVersion> WatchAsync(long known, CancellationToken cancellationToken) => throw new NotImplementedException();
}
