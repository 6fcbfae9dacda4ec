namespace SmsGateway.Smpp.Tests.Kit;

// Octets as tests write them: hex with any spaces.
internal static class Hex
{
    internal static byte[] Octets(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));

    internal static string Of(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(octets);
}
