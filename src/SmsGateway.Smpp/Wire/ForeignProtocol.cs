namespace SmsGateway.Smpp.Wire;

/// <summary>Names what knocks on an SMPP port and is not SMPP, for one log line.</summary>
public static class ForeignProtocol
{
    /// <summary>Looks at the first octets of a connection.</summary>
    /// <param name="first">The octets, as many as there are.</param>
    /// <returns>A short name such as <c>HTTP</c> or <c>TLS</c>; null when they are not recognised.</returns>
    public static string? Recognise(ReadOnlySpan<byte> first)
    {
        if (first.StartsWith("GET "u8) || first.StartsWith("POST"u8) || first.StartsWith("HEAD"u8) || first.StartsWith("PUT "u8)
            || first.StartsWith("OPTI"u8) || first.StartsWith("CONN"u8) || first.StartsWith("DELE"u8) || first.StartsWith("HTTP"u8))
            return "HTTP";
        if (first.StartsWith("PRI "u8))
            return "HTTP/2";
        if (first.Length >= 2 && first[0] is 0x15 or 0x16 && first[1] == 0x03)
            return "TLS";
        if (first.Length >= 4 && first[0] == 0x03 && first[1] == 0x00 && first[2] == 0x00)
            return "RDP";
        if (first.StartsWith("SSH-"u8))
            return "SSH";
        if (first.StartsWith("PROX"u8) || first.StartsWith("\r\n\r\n\0\r\nQUIT\n"u8))
            return "PROXY protocol";
        if (first.Length >= 2 && first[0] is 0x04 or 0x05 && first[1] is 0x01 or 0x02)
            return "SOCKS";
        if (first.StartsWith("EHLO"u8) || first.StartsWith("HELO"u8))
            return "SMTP";
        if (first.StartsWith("USER"u8))
            return "FTP";
        if (first.Length >= 2 && first[0] == 0xFF && first[1] is >= 0xFB and <= 0xFE)
            return "Telnet";
        return null;
    }
}
