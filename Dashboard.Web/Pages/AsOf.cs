using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Metrics.Core.Periods;

namespace Dashboard.Web.Pages;

/// <summary>The moment as of which a page shows what was known: a day of the workspace's zone, which is its end, or an instant.</summary>
/// <param name="Text">The moment as the address spells it.</param>
internal sealed record AsOf(string Text, DateTimeOffset At)
{
    /// <summary>Whether <paramref name="text"/> can be understood; an empty one is, and means now.</summary>
    public static bool TryRead(string? text, ReportingCalendar calendar, out AsOf? asOf, [NotNullWhen(false)] out string? fault)
    {
        (asOf, fault) = (null, null);
        if (string.IsNullOrEmpty(text))
            return true;

        // Stores keep microseconds: the last of them still belongs to the day.
        if (calendar.TryParse(Grain.Day, text, out var day))
            asOf = new AsOf(text, calendar.StartOf(day.End) - TimeSpan.FromMicroseconds(1));
        else if (text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            && instant.Year is >= 1000 and <= 8999)
            asOf = new AsOf(text, instant);
        else
            fault = $"'{text}' is no day and no instant. Use one such as 2026-11-09 or 2026-11-09T06:00:00Z.";
        return fault is null;
    }
}
