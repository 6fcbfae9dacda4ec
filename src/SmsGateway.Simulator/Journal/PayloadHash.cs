namespace SmsGateway.Simulator.Journal;

/// <summary>FNV-1a, 64 bits: tells equal payloads from different ones; not for keys.</summary>
internal static class PayloadHash
{
    public static ulong Of(ReadOnlySpan<byte> octets)
    {
        ulong hash = 14695981039346656037;
        foreach (byte octet in octets)
            hash = (hash ^ octet) * 1099511628211;
        return hash;
    }
}
