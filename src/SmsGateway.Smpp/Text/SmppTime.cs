namespace SmsGateway.Smpp.Text;

/// <summary>The time format of schedule_delivery_time and validity_period. SMPP 3.4, 7.1.</summary>
public static class SmppTime
{
    /// <summary>Reads an absolute (<c>YYMMDDhhmmsstnnp</c>) or relative (<c>...R</c>) time. 00-37 are 20xx, 38-99 are 19xx.</summary>
    /// <param name="text">The field; empty stands for none.</param>
    /// <param name="now">What a relative time counts from.</param>
    /// <param name="time">The point in time; null when the field is empty.</param>
    /// <returns>False for a syntax error: answer 0x61 or 0x62, by the field.</returns>
    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset? time) => throw new NotImplementedException();

    /// <summary>Writes an absolute time in UTC, 16 characters.</summary>
    /// <param name="time">The point in time, 1938 to 2037.</param>
    public static string FormatAbsolute(DateTimeOffset time) => throw new NotImplementedException();

    /// <summary>Writes a relative time in days, hours, minutes and seconds, 16 characters; rounded down to a second.</summary>
    /// <param name="span">The span, 0 to 99 days.</param>
    public static string FormatRelative(TimeSpan span) => throw new NotImplementedException();
}
