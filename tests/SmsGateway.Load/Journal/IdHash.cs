namespace SmsGateway.Load.Journal;

/// <summary>FNV-1a over an id: 8 octets per id kept instead of a string. 0 stands for none.</summary>
internal static class IdHash
{
    public static ulong Of(ReadOnlySpan<char> id)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in id)
            hash = (hash ^ c) * 1099511628211;
        return hash == 0 ? 1 : hash;
    }

    public static ulong Of(ReadOnlySpan<byte> id)
    {
        ulong hash = 14695981039346656037;
        foreach (byte c in id)
            hash = (hash ^ c) * 1099511628211;
        return hash == 0 ? 1 : hash;
    }
}
