using System.Globalization;

namespace SmsGateway.Smpp.Text;

/// <summary>The time format of schedule_delivery_time and validity_period. SMPP 3.4, 7.1.</summary>
public static class SmppTime
{
    // YYMMDDhhmmss, tenths, quarter hours (2), sign.
    private const int Length = 16;

    // Appendix C of the specification.
    private const int FirstYearOf19 = 38;

    /// <summary>Reads an absolute (<c>YYMMDDhhmmsstnnp</c>) or relative (<c>...R</c>) time. 00-37 are 20xx, 38-99 are 19xx.</summary>
    /// <param name="text">The field; empty stands for none.</param>
    /// <param name="now">What a relative time counts from.</param>
    /// <param name="time">The point in time; null when the field is empty.</param>
    /// <returns>False for a syntax error: answer 0x61 or 0x62, by the field.</returns>
    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text))
            return true;
        if (text.Length != Length || text.AsSpan(0, Length - 1).ContainsAnyExceptInRange('0', '9'))
            return false;
        time = text[^1] switch
        {
            '+' => Absolute(text, ahead: 1),
            '-' => Absolute(text, ahead: -1),
            'R' => Relative(text, now),
            _ => null,
        };
        return time is not null;
    }

    /// <summary>Writes an absolute time in UTC, 16 characters, to the tenth of a second.</summary>
    /// <param name="time">The point in time, 1938 to 2037.</param>
    public static string FormatAbsolute(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyMMddHHmmssf", CultureInfo.InvariantCulture) + "00+";

    /// <summary>Writes a relative time in days, hours, minutes and seconds, 16 characters; rounded down to a second.</summary>
    /// <param name="span">The span, 0 to less than 100 days.</param>
    /// <exception cref="ArgumentOutOfRangeException">The span is outside that range.</exception>
    public static string FormatRelative(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(span, TimeSpan.FromDays(100));
        return string.Create(CultureInfo.InvariantCulture, $"0000{span.Days:00}{span.Hours:00}{span.Minutes:00}{span.Seconds:00}000R");
    }

    private static DateTimeOffset? Absolute(string text, int ahead)
    {
        var year = Two(text, 0);
        year += year < FirstYearOf19 ? 2000 : 1900;
        int month = Two(text, 2), day = Two(text, 4), hour = Two(text, 6), minute = Two(text, 8), second = Two(text, 10), quarters = Two(text, 13);
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59 || quarters > 48)
            return null;
        return new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero)
            .AddMilliseconds(100 * (text[12] - '0'))
            .AddMinutes(-15 * quarters * ahead);
    }

    // Years and months by the calendar, the rest as they stand; tenths and quarter hours do not count.
    private static DateTimeOffset? Relative(string text, DateTimeOffset now)
    {
        var months = (12 * Two(text, 0)) + Two(text, 2);
        var rest = new TimeSpan(Two(text, 4), Two(text, 6), Two(text, 8), Two(text, 10));
        return now.Year + (months / 12) + 2 > DateTime.MaxValue.Year ? null : now.AddMonths(months) + rest;
    }

    private static int Two(string text, int at) => (10 * (text[at] - '0')) + text[at + 1] - '0';
}
