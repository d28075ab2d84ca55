using Metrics.Core.Periods;

namespace Metrics.Core.Models.Activities;

/// <summary>The number of the period of each grain that a day belongs to, looked up instead of computed.</summary>
internal sealed class PeriodNumbers(ReportingCalendar calendar)
{
    private readonly int[][] _numbers = new int[Enum.GetValues<Grain>().Length][];
    private int _first;

    public ReportingCalendar Calendar => calendar;

    /// <summary>Makes a table of the days that will be asked for most.</summary>
    public void Cover(int first, int end)
    {
        if (_numbers[0] is not null && first >= _first && end <= _first + _numbers[0].Length)
            return;

        _first = first;
        foreach (var grain in Enum.GetValues<Grain>())
        {
            var numbers = new int[Math.Max(0, end - first)];
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = calendar.NumberOf(grain, DateOnly.FromDayNumber(first + i));
            _numbers[(int)grain] = numbers;
        }
    }

    public int Of(Grain grain, int day)
    {
        if (grain == Grain.Day)
            return day;
        var at = day - _first;
        return _numbers[(int)grain] is { } numbers && (uint)at < (uint)numbers.Length
            ? numbers[at]
            : calendar.NumberOf(grain, DateOnly.FromDayNumber(day));
    }
}
