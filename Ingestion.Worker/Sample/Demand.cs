namespace Ingestion.Worker.Sample;

/// <summary>How much is going on: growth over the years, the seasons, and the days of the week.</summary>
internal static class Demand
{
    private static readonly double[] ByMonth = [1.16, 1.03, 1.03, 0.99, 0.98, 0.96, 0.90, 0.78, 1.19, 1.08, 1.05, 0.92];

    // Sunday first; each set has the mean 1, so that a weekly figure stays what it is.
    private static readonly double[] BuyingByWeekday = [0.50, 1.25, 1.28, 1.24, 1.16, 1.00, 0.57];
    private static readonly double[] WorkByWeekday = [0.28, 1.33, 1.37, 1.36, 1.28, 1.08, 0.30];

    /// <summary>Signups and sales on a day, as a multiple of an average day at the beginning.</summary>
    public static double Buying(Timeline timeline, DateOnly day) =>
        Growth(timeline, day) * Season(day) * BuyingByWeekday[(int)day.DayOfWeek];

    /// <summary>Use of the product on a day, as a multiple of an average day; growth is in the number of users.</summary>
    public static double Work(DateOnly day) =>
        (day.Month == 8 ? 0.86 : IsChristmas(day) ? 0.42 : 1) * WorkByWeekday[(int)day.DayOfWeek];

    /// <summary>Weekly compound growth since the first day: 0.33 % a week is 18.7 % a year.</summary>
    public static double Growth(Timeline timeline, DateOnly day)
    {
        var growth = 1.0;
        for (var week = (day.DayNumber - timeline.First.DayNumber) / 7; week > 0; week--)
            growth *= 1.0033;
        return growth;
    }

    public static double Season(DateOnly day) => ByMonth[day.Month - 1] * (IsChristmas(day) ? 0.45 : 1);

    private static bool IsChristmas(DateOnly day) => day is { Month: 12, Day: >= 22 } or { Month: 1, Day: 1 };
}
