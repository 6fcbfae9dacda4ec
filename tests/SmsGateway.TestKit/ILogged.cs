namespace SmsGateway.TestKit;

/// <summary>Something with processes whose words are worth keeping when a run of it failed.</summary>
public interface ILogged
{
    /// <summary>What each of them said so far.</summary>
    IEnumerable<(string Process, string Text)> Logs();
}
