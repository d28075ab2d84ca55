using System.Runtime.InteropServices;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Revenue;

/// <summary>A change of what a customer pays per month, in minor units.</summary>
/// <param name="Day">The number of the first day on which the new amount holds.</param>
/// <param name="Measure">new, reactivation, expansion, contraction or churn.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Movement(int Day, long Before, long After, string Measure)
{
    /// <summary>The size of the change; losses are positive too.</summary>
    public long Amount => Math.Abs(After - Before);

    /// <summary>The measure that counts customers with such a change; null where none does.</summary>
    public string? CountMeasure => Measure switch
    {
        "new" => "new_customers",
        "reactivation" => "reactivated_customers",
        "churn" => "churned_customers",
        _ => null,
    };
}

/// <summary>The days on which what a customer pays changes, with the new amount; overlapping subscriptions are added up.</summary>
internal sealed class CustomerHistory
{
    private readonly int[] _days;
    private readonly long[] _amounts;

    public CustomerHistory(IEnumerable<SubscriptionPeriod> periods, int digits)
    {
        var changes = new SortedDictionary<int, long>();
        foreach (var period in periods)
        {
            var amount = MrrPolicy.MonthlyMinorUnits(period.Amount, period.Interval, digits);
            changes[period.Start.DayNumber] = changes.GetValueOrDefault(period.Start.DayNumber) + amount;
            if (period.End is { } end)
                changes[end.DayNumber] = changes.GetValueOrDefault(end.DayNumber) - amount;
        }

        // A day on which one subscription ends and an equal one begins is no change.
        long level = 0;
        var steps = new List<(int Day, long Amount)>();
        foreach (var (day, change) in changes.Where(pair => pair.Value != 0))
            steps.Add((day, level += change));
        (_days, _amounts) = ([.. steps.Select(step => step.Day)], [.. steps.Select(step => step.Amount)]);
    }

    /// <summary>Every change with the name of its measure, oldest first.</summary>
    public IEnumerable<Movement> Movements()
    {
        var paidBefore = false;
        long before = 0;
        for (var i = 0; i < _days.Length; i++)
        {
            var after = _amounts[i];
            yield return new Movement(_days[i], before, after, (before, after) switch
            {
                (0, > 0) => paidBefore ? "reactivation" : "new",
                ( > 0, 0) => "churn",
                _ when after > before => "expansion",
                _ => "contraction",
            });
            paidBefore = true;
            before = after;
        }
    }

    /// <summary>What is paid per month at the end of a day.</summary>
    public long At(int day)
    {
        var at = Array.BinarySearch(_days, day);
        if (at < 0)
            at = ~at - 1;
        return at < 0 ? 0 : _amounts[at];
    }
}
