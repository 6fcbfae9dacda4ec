using System.Text;

namespace SmsGateway.Simulator.Sink;

/// <summary>One callback as it came. Fields are parsed when somebody asks; the ones everybody asks for at once.</summary>
internal sealed class ReceivedCallback(long at, byte[] body, string headers, string type, string messageId, string state, string resultCode, int occurrence)
{
    /// <summary>Arrival, ticks of 100 ns since year 1, UTC.</summary>
    public long At => at;

    public string Type => type;

    public string MessageId => messageId;

    public string State => state;

    public string ResultCode => resultCode;

    /// <summary>1 for the first with this type, message_id and message_state; more is an offer repeated.</summary>
    public int Occurrence => occurrence;

    /// <summary>HTTP status it was answered with; 0 = never.</summary>
    public int Status { get; set; }

    public string Body => Encoding.UTF8.GetString(body);

    /// <summary>The request's headers, one per line.</summary>
    public string Headers => headers;
}
