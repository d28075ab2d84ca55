using System.Runtime.InteropServices;
using Metrics.Core.Periods;

namespace Metrics.Core.Push;

/// <summary>The days of timestamps, for a million of them: the stretches of days that were asked for are remembered. For one thread.</summary>
internal sealed class PushedDays(ReportingCalendar calendar)
{
    private const long NanosPerTick = 100;
    private const long NanosPerDay = TimeSpan.TicksPerDay * NanosPerTick;
    private const int Remembered = 64;

    private static readonly int UnixEpoch = DateOnly.FromDateTime(DateTimeOffset.UnixEpoch.DateTime).DayNumber;

    private readonly Stretch[] _known = new Stretch[Remembered];

    public static long Nanos(DateTimeOffset moment) => (moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * NanosPerTick;

    public static DateTimeOffset Moment(long nanos) => DateTimeOffset.UnixEpoch.AddTicks(Math.DivRem(nanos, NanosPerTick).Quotient);

    public static DateOnly Utc(long nanos) => DateOnly.FromDayNumber(UnixEpoch + (int)Floor(nanos));

    public DateOnly Local(long nanos)
    {
        ref var known = ref _known[(int)(Floor(nanos) & (Remembered - 1))];
        if (nanos < known.From || nanos >= known.To)
        {
            var day = calendar.DayOf(Moment(nanos));
            known = new Stretch(day, Nanos(calendar.StartOf(day)), Nanos(calendar.StartOf(day.AddDays(1))));
        }

        return known.Day;
    }

    private static long Floor(long nanos) => nanos >= 0 ? nanos / NanosPerDay : (nanos + 1) / NanosPerDay - 1;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Stretch(DateOnly Day, long From, long To);
}
