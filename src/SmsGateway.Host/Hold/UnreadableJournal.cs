namespace SmsGateway.Host.Hold;

/// <summary>A file of an earlier process's journal that could not be read.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Reason">Why not.</param>
/// <param name="IsForGood">It is damaged or of a later version, and a person decides; otherwise the disk did not give it, and is asked again.</param>
internal sealed record UnreadableJournal(string Path, string Reason, bool IsForGood);
