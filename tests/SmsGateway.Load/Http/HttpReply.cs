using System.Text;

namespace SmsGateway.Load.Http;

/// <summary>What the receiver answered: status, the gateway's id, and whether it said duplicate.</summary>
internal readonly record struct HttpReply(int Status, string Id, bool Duplicate, bool Close)
{
    /// <summary>Reads the answer's JSON by hand: only "id" is wanted, and thousands come a second.</summary>
    public static string FindId(ReadOnlySpan<byte> body)
    {
        int at = body.IndexOf("\"id\":\""u8);
        if (at < 0)
            return "";
        body = body[(at + 6)..];
        int end = body.IndexOf((byte)'"');
        return end < 0 ? "" : Encoding.ASCII.GetString(body[..end]);
    }
}
