using Metrics.Core.Periods;

namespace Metrics.Core.Storage.Influx;

/// <summary>Days and moments as InfluxDB keeps them: the day as 00:00:00Z, moments as seconds since 1970.</summary>
internal static class StoredDays
{
    private const long SecondsPerDay = 86_400;
    private const double MicrosPerSecond = 1e6;

    private static readonly int Epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>The days that a time in nanoseconds since 1970 can name, in whole years.</summary>
    public static Period All { get; } = new(new DateOnly(1678, 1, 1), new DateOnly(2262, 1, 1));

    public static long Seconds(DateOnly day) => (day.DayNumber - Epoch) * SecondsPerDay;

    public static DateOnly Day(long seconds) => DateOnly.FromDayNumber(Epoch + (int)Math.DivRem(seconds, SecondsPerDay).Quotient - (seconds < 0 && seconds % SecondsPerDay != 0 ? 1 : 0));

    /// <summary>A moment as a double: today's have a quarter of a microsecond between two of them, so that rounding gives the same one back.</summary>
    public static double Seconds(DateTimeOffset moment) => Columns.Micros(moment) / MicrosPerSecond;

    public static DateTimeOffset Moment(double seconds) => Columns.Moment((long)Math.Round(seconds * MicrosPerSecond));

    /// <summary>The part of some days that can be stored; null where none can.</summary>
    public static Period? Inside(Period days)
    {
        var start = days.Start > All.Start ? days.Start : All.Start;
        var end = days.End < All.End ? days.End : All.End;
        return start < end ? new Period(start, end) : null;
    }
}
