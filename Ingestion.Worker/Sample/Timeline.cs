namespace Ingestion.Worker.Sample;

/// <summary>
/// The days that the sample company's story hangs on. All are counted back from the last one, so the story is in view
/// whenever the sample is made.
/// </summary>
internal sealed record Timeline
{
    /// <summary>Three years and the week that makes the same week three years ago a whole one.</summary>
    private const int Weeks = 157;

    private Timeline(DateOnly last) => (First, Last) = (last.AddDays(1 - 7 * Weeks), last);

    /// <summary>The story that ends on the last Sunday before <paramref name="end"/>, which itself is never part of it.</summary>
    public static Timeline Before(DateOnly end) =>
        new(end.AddDays(end.DayOfWeek is DayOfWeek.Sunday ? -7 : -(int)end.DayOfWeek));

    /// <summary>The Monday on which the exports begin.</summary>
    public DateOnly First { get; }

    /// <summary>The Sunday on which they end, included.</summary>
    public DateOnly Last { get; }

    /// <summary>From this Monday on, Team and Business cost more; who already pays moves at a renewal within two months.</summary>
    public DateOnly PriceChange => MondayOf(Last.AddMonths(-14));

    /// <summary>The Monday of the week in which the product was down. People leave in the four weeks after it.</summary>
    public DateOnly Outage => MondayBefore(20);

    /// <summary>Whoever signs up from this Monday on sees the new onboarding.</summary>
    public DateOnly NewOnboarding => MondayBefore(9);

    /// <summary>The Monday of the week in which three Enterprise accounts in DACH give up.</summary>
    public DateOnly LastWeek => MondayBefore(0);

    /// <summary>Product analytics is late: its export stops on the Friday.</summary>
    public DateOnly LastActivity => Last.AddDays(-2);

    public bool IsOutage(DateOnly day) => Outage <= day && day < Outage.AddDays(7);

    public bool IsAftermath(DateOnly day) => Outage.AddDays(7) <= day && day < Outage.AddDays(35);

    public IEnumerable<DateOnly> Days()
    {
        for (var day = First; day <= Last; day = day.AddDays(1))
            yield return day;
    }

    /// <summary>The months that lie wholly between the first and the last day, named by their first day.</summary>
    public IEnumerable<DateOnly> WholeMonths()
    {
        var month = new DateOnly(First.Year, First.Month, 1);
        for (month = month < First ? month.AddMonths(1) : month; month.AddMonths(1) <= Last.AddDays(1); month = month.AddMonths(1))
            yield return month;
    }

    private static DateOnly MondayOf(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private DateOnly MondayBefore(int weeks) => Last.AddDays(-6 - 7 * weeks);
}
