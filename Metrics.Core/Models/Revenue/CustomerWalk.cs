using System.Runtime.InteropServices;

namespace Metrics.Core.Models.Revenue;

/// <summary>A change of what a customer pays per month, in minor units, both amounts at the rates of the day.</summary>
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

/// <summary>
/// Walks through the days on which the charges of one customer in one segment change. Charges of a day are added up before its
/// movement is told; the same instance is used for customer after customer.
/// </summary>
internal sealed class CustomerWalk(int through, bool freeIsActive)
{
    private readonly List<int> _days = [];

    /// <summary>Every movement, oldest first.</summary>
    public List<Movement> Movements { get; } = [];

    /// <summary>The runs of days on which they are a customer, oldest first; the last may end with the first day that is not known.</summary>
    public List<(int From, int Until)> Active { get; } = [];

    public void Over(ReadOnlySpan<ValuedCharge> charges)
    {
        Movements.Clear();
        Active.Clear();
        DaysOf(charges);
        var (isCustomer, paidBefore, since) = (false, false, 0);
        foreach (var day in CollectionsMarshal.AsSpan(_days))
        {
            long before = 0, after = 0;
            bool pays = false, hasFree = false, appears = false;
            foreach (var charge in charges)
            {
                var runsOn = charge.RunsOn(day);
                if (charge.RunsOn(day - 1))
                {
                    before += charge.At(day);
                }
                else if (runsOn && charge.From > charge.Charge.From)
                {
                    // It was there before, and has an exchange rate from now on: nothing moves.
                    before += charge.At(day);
                    appears |= charge.IsPaid;
                }

                if (!runsOn)
                    continue;
                after += charge.At(day);
                if (charge.IsPaid)
                    pays = true;
                else
                    hasFree = true;
            }

            if (appears && !isCustomer)
                (isCustomer, paidBefore, since) = (true, true, day);
            var stays = pays || (isCustomer && hasFree && freeIsActive);
            if (!isCustomer && stays)
                Movements.Add(new Movement(day, 0, after, paidBefore ? "reactivation" : "new"));
            else if (isCustomer && !stays)
                Movements.Add(new Movement(day, before, 0, "churn"));
            else if (isCustomer && before != after)
                Movements.Add(new Movement(day, before, after, after > before ? "expansion" : "contraction"));

            if (!isCustomer && stays)
                since = day;
            else if (isCustomer && !stays)
                Active.Add((since, day));
            (isCustomer, paidBefore) = (stays, paidBefore || stays);
        }

        if (isCustomer)
            Active.Add((since, through));
    }

    /// <summary>Whether they were a customer at the end of a day.</summary>
    public bool IsActive(int day)
    {
        foreach (var (from, until) in Active)
        {
            if (from <= day && day < until)
                return true;
        }

        return false;
    }

    /// <summary>Whether they were a customer on any day from <paramref name="from"/> up to and including <paramref name="to"/>.</summary>
    public bool IsActiveWithin(int from, int to)
    {
        foreach (var run in Active)
        {
            if (run.From <= to && from < run.Until)
                return true;
        }

        return false;
    }

    /// <summary>The first day that a customer of some charges paid for, whether its exchange rate is known or not; null for none.</summary>
    public static int? FirstPaid(ReadOnlySpan<ValuedCharge> charges)
    {
        int? first = null;
        foreach (var charge in charges)
        {
            if (charge is { IsPaid: true, IsEmpty: false } && (first is null || charge.Charge.From < first))
                first = charge.Charge.From;
        }

        return first;
    }

    private void DaysOf(ReadOnlySpan<ValuedCharge> charges)
    {
        _days.Clear();
        foreach (var charge in charges)
        {
            if (charge.IsEmpty || charge.From >= through)
                continue;

            _days.Add(charge.From);
            if (charge.Until < through)
                _days.Add(charge.Until);
        }

        _days.Sort();
        var kept = 0;
        for (var i = 0; i < _days.Count; i++)
        {
            if (kept == 0 || _days[i] != _days[kept - 1])
                _days[kept++] = _days[i];
        }

        _days.RemoveRange(kept, _days.Count - kept);
    }
}
