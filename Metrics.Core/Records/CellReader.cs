using System.Globalization;
using Metrics.Core.Periods;

namespace Metrics.Core.Records;

/// <summary>Reads single cells: numbers in the source's notation, dates and moments in the workspace's zone.</summary>
internal sealed class CellReader(CellFormat format, ReportingCalendar calendar)
{
    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private static readonly string[] LocalMoments = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF"];

    // Consecutive rows mostly lie in the same few hours; asking the time zone for every one of them would take longer than all the rest.
    private (long Hour, DateOnly Day) _lastDay = (long.MinValue, default);

    public bool IsEmpty(string text) => string.IsNullOrWhiteSpace(text) || (format.Empty.Count > 0 && format.Empty.Contains(text.Trim()));

    /// <summary>A number, with thousands separators only where they group three digits (two to three before the last group).</summary>
    public bool TryNumber(string text, out decimal value)
    {
        var span = text.AsSpan().Trim();
        if (format.Thousands is { } thousands && span.Contains(thousands))
        {
            if (!Grouped(span, thousands, format.Decimal))
            {
                value = 0;
                return false;
            }

            span = text.Trim().Replace(thousands.ToString(), "", StringComparison.Ordinal);
        }

        if (format.Decimal != '.')
        {
            if (span.Contains('.'))
            {
                value = 0;
                return false;
            }

            span = span.ToString().Replace(format.Decimal, '.');
        }

        return decimal.TryParse(span, Plain, CultureInfo.InvariantCulture, out value);
    }

    public static bool? TryFlag(string text) => text.Trim().ToLowerInvariant() switch
    {
        "true" or "yes" or "1" or "t" or "y" => true,
        "false" or "no" or "0" or "f" or "n" => false,
        _ => null,
    };

    /// <summary>A date, or a moment: with an offset as it stands, without one as wall-clock time of the workspace's zone.</summary>
    public bool TryMoment(string text, string? dateFormat, out RecordMoment moment)
    {
        var span = text.Trim();
        moment = default;
        if (dateFormat is not null)
        {
            // A format that holds a time gives a moment, else a day.
            if (!dateFormat.AsSpan().ContainsAny("Hhms"))
            {
                if (!DateOnly.TryParseExact(span, dateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var exact))
                    return false;
                moment = new RecordMoment(exact, null);
                return true;
            }

            if (dateFormat.AsSpan().ContainsAny("zK"))
            {
                if (!DateTimeOffset.TryParseExact(span, dateFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var zoned))
                    return false;
                moment = new RecordMoment(null, zoned);
                return true;
            }

            return DateTime.TryParseExact(span, dateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall) && Local(wall, out moment);
        }

        if (span.Length == 10 && DateOnly.TryParseExact(span, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            moment = new RecordMoment(day, null);
            return true;
        }

        if (span.Length == 7 && DateOnly.TryParseExact(span + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month))
        {
            moment = new RecordMoment(month, null);
            return true;
        }

        if (span.Length < 16 || !char.IsAsciiDigit(span[0]))
            return false;

        if (DateTime.TryParseExact(span, LocalMoments, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return Local(local, out moment);

        if (!DateTimeOffset.TryParse(span, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) || span.IndexOf('-', StringComparison.Ordinal) != 4)
            return false;
        moment = new RecordMoment(null, instant);
        return true;
    }

    public DateOnly DayOf(DateTimeOffset instant)
    {
        var hour = Math.DivRem(instant.UtcTicks, TimeSpan.TicksPerHour / 4, out _);
        if (hour != _lastDay.Hour)
            _lastDay = (hour, calendar.DayOf(instant));
        return _lastDay.Day;
    }

    private bool Local(DateTime wall, out RecordMoment moment)
    {
        moment = new RecordMoment(null, calendar.InstantOf(wall));
        return true;
    }

    private static bool Grouped(ReadOnlySpan<char> number, char thousands, char decimalPoint)
    {
        var end = number.IndexOf(decimalPoint);
        var whole = (end < 0 ? number : number[..end]).TrimStart("+-");
        if (end >= 0 && number[end..].Contains(thousands))
            return false;

        var last = whole.LastIndexOf(thousands);
        if (last < 1 || whole.Length - last - 1 != 3)
            return false;

        for (var rest = whole[..last]; !rest.IsEmpty;)
        {
            var at = rest.LastIndexOf(thousands);
            var group = rest.Length - at - 1;
            if (at < 0)
                return group is >= 1 and <= 3;
            if (group is < 2 or > 3)
                return false;
            rest = rest[..at];
        }

        return false;
    }
}
