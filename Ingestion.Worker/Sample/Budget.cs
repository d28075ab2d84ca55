namespace Ingestion.Worker.Sample;

/// <summary>What the company promised itself: each year 21.7 % more than it began with, month by month.</summary>
internal sealed class Budget(Timeline timeline, SubscriptionBook book)
{
    private const double MonthlyGrowth = 1.0165;

    // Costs are planned a little below what they are.
    private const double CostShare = 0.998;

    /// <summary>MRR at the end of a month, in cents, as planned when its year (or the export) began.</summary>
    public long MrrAtEndOf(DateOnly month)
    {
        var newYear = new DateOnly(month.Year, 1, 1);
        var start = newYear < timeline.First ? timeline.First : newYear;

        double mrr = book.MrrOn(start.AddDays(-1));
        for (var i = start.Month; i <= month.Month; i++)
            mrr *= MonthlyGrowth;
        return (long)mrr;
    }

    /// <summary>The books as planned, month by month to the end of the year.</summary>
    public IEnumerable<LedgerMonth> Months()
    {
        LedgerMonth? before = null;
        for (var month = timeline.WholeMonths().First(); month.Year <= timeline.Last.Year; month = month.AddMonths(1))
            yield return before = LedgerMonth.After(before, month, RevenueOf(month), (share, _) => share * CostShare);
    }

    /// <summary>By how much the MRR should grow in a month, in cents.</summary>
    public long NetNewOf(DateOnly month) => (long)(MrrAtEndOf(month) * (1 - 1 / MonthlyGrowth));

    /// <summary>What a month should bring in: half way between the MRR before it and after it.</summary>
    public long RevenueOf(DateOnly month) => (long)(MrrAtEndOf(month) * (1 + 1 / MonthlyGrowth) / 2);
}
