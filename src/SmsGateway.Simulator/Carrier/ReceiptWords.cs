namespace SmsGateway.Simulator.Carrier;

/// <summary>The words of <c>stat:</c> and their message_state. SMPP 3.4, appendix B and 5.2.28.</summary>
internal static class ReceiptWords
{
    private static readonly string[] Words = ["", "ENROUTE", "DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD"];

    public const byte Delivered = 2;

    public static string Of(byte state) => Words[state];

    public static bool TryParse(string word, out byte state)
    {
        int index = Array.FindIndex(Words, w => w.Length > 0 && w.Equals(word, StringComparison.OrdinalIgnoreCase));
        state = (byte)Math.Max(index, 0);
        return index > 0;
    }

    /// <summary>The state of a word that was checked before; 7 (UNKNOWN) for any other.</summary>
    public static byte Parse(string word) => TryParse(word, out byte state) ? state : (byte)7;

    public static bool IsFinal(byte state) => state is 2 or 3 or 4 or 5 or 7 or 8;
}
