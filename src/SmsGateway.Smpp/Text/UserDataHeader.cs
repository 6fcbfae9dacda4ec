namespace SmsGateway.Smpp.Text;

/// <summary>What makes parts of a long message belong together. GSM 03.40, 9.2.3.24.1 and 9.2.3.24.8.</summary>
/// <param name="Reference">The same in all parts.</param>
/// <param name="Total">Parts in all, 1 to 255.</param>
/// <param name="Part">This part, 1 to <paramref name="Total"/>.</param>
public readonly record struct Concatenation(ushort Reference, byte Total, byte Part);

/// <summary>The user data header at the front of a payload (esm_class 0x40).</summary>
public static class UserDataHeader
{
    /// <summary>Splits a payload into its header and the rest.</summary>
    /// <param name="payload">The payload of a message whose esm_class announces a header.</param>
    /// <param name="header">The header with its length octet.</param>
    /// <param name="rest">What follows it.</param>
    /// <returns>False when the payload is shorter than the header it announces.</returns>
    public static bool TrySplit(ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> header, out ReadOnlyMemory<byte> rest) =>
        throw new NotImplementedException();

    /// <summary>Finds the concatenation element, 8 or 16 bit, wherever it stands. Impossible values are ignored as if it were absent.</summary>
    /// <param name="header">The header with its length octet.</param>
    /// <param name="concatenation">What it says.</param>
    /// <returns>False when there is none that counts.</returns>
    public static bool TryGetConcatenation(ReadOnlySpan<byte> header, out Concatenation concatenation) => throw new NotImplementedException();
}
