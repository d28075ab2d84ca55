namespace Ingestion.Worker.Sample;

/// <summary>Every subscription the company ever sold, and what they add up to.</summary>
internal sealed class SubscriptionBook
{
    private readonly List<Subscription> _all;
    private readonly long[] _mrrByDay;
    private readonly DateOnly _first;

    private SubscriptionBook(Timeline timeline, List<Subscription> all)
    {
        (_all, _first) = (all, timeline.First);
        _mrrByDay = new long[timeline.Last.DayNumber - _first.DayNumber + 2];
        foreach (var subscription in all)
        {
            _mrrByDay[Math.Max(0, subscription.Start.DayNumber - _first.DayNumber)] += subscription.MonthlyCents;
            if (subscription.End is { } end)
                _mrrByDay[end.DayNumber - _first.DayNumber] -= subscription.MonthlyCents;
        }

        for (var day = 1; day < _mrrByDay.Length; day++)
            _mrrByDay[day] += _mrrByDay[day - 1];
    }

    /// <summary>Every subscription that was ever sold, in the order of their sale.</summary>
    public IReadOnlyList<Subscription> All => _all;

    public static SubscriptionBook Simulate(Timeline timeline) => new(timeline, new SubscriptionHistory(timeline).Run());

    /// <summary>Monthly recurring revenue at the end of a day, in cents; of the first day before it, of the last one after it.</summary>
    public long MrrOn(DateOnly day) => _mrrByDay[Math.Clamp(day.DayNumber - _first.DayNumber, 0, _mrrByDay.Length - 2)];

    /// <summary>The share of a region in the monthly recurring revenue of a day, 0 to 1; before the first day as on it.</summary>
    public double ShareOn(DateOnly day, string region)
    {
        var on = day < _first ? _first : day;
        long all = 0, inRegion = 0;
        foreach (var subscription in _all.Where(one => one.RunsOn(on)))
        {
            all += subscription.MonthlyCents;
            inRegion += subscription.Region == region ? subscription.MonthlyCents : 0;
        }

        return (double)inRegion / all;
    }

    /// <summary>A customer who pays on that day.</summary>
    public int AnyCustomerOn(DateOnly day, Dice dice) => AnyOn(day, dice).Customer;

    /// <summary>A subscription that is paid for on that day.</summary>
    public Subscription AnyOn(DateOnly day, Dice dice)
    {
        Subscription subscription;
        do
            subscription = dice.Pick(_all);
        while (!subscription.RunsOn(day));
        return subscription;
    }

    public void Write(SampleFolder folder)
    {
        using var csv = folder.Csv("data/subscriptions.csv",
            ["subscription_id", "customer_id", "plan", "region", "start_date", "end_date", "amount", "billing_interval", "currency"]);

        foreach (var row in _all)
        {
            csv.Row(
                CsvFile.Id("sub-", row.Id), CsvFile.Id("c-", row.Customer), row.Plan.ToString(), row.Region,
                CsvFile.Day(row.Start), CsvFile.Day(row.End),
                CsvFile.Money(row.Yearly ? 12 * row.MonthlyCents : row.MonthlyCents), row.Yearly ? "year" : "month", "USD");
        }
    }
}
