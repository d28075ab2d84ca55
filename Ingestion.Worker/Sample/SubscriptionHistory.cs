namespace Ingestion.Worker.Sample;

/// <summary>Lives through the three years day by day: who comes, who leaves, who pays more and who less.</summary>
internal sealed class SubscriptionHistory(Timeline timeline)
{
    private const int BaseCustomers = 1_400;
    private const int BaseDays = 730;
    public const double NewPerWeek = 12.3;
    private const double DaysPerMonth = 30.4;

    private static readonly (Plan Choice, double Weight)[] BasePlans =
        [(Plan.Starter, 0.41), (Plan.Team, 0.34), (Plan.Business, 0.185), (Plan.Enterprise, 0.065)];

    private static readonly (Plan Choice, double Weight)[] NewPlans =
        [(Plan.Starter, 0.59), (Plan.Team, 0.33), (Plan.Business, 0.07), (Plan.Enterprise, 0.01)];

    private readonly Dice _dice = new("subscriptions");
    private readonly List<Subscription> _all = [];
    private readonly List<Subscription> _running = [];
    private readonly Dictionary<DateOnly, List<Subscription>> _returning = [];
    private int _customers;

    /// <summary>Every subscription, in the order they were sold.</summary>
    public List<Subscription> Run()
    {
        BringBase();
        foreach (var day in timeline.Days())
        {
            if (day == timeline.PriceChange)
                AnnounceNewPrice();
            if (day >= timeline.LastWeek)
                WeakenDachEnterprise(day);

            // Only those of this morning: what is sold today cannot change today.
            var atMorning = _running.Count;
            for (var i = 0; i < atMorning; i++)
            {
                if (_running[i].End is null)
                    Live(_running[i], day);
            }

            Welcome(day);
            _running.RemoveAll(subscription => subscription.End is not null);
        }

        return _all;
    }

    /// <summary>Who already paid when the export begins. They came over two years; those who left before are not in it.</summary>
    private void BringBase()
    {
        for (var i = 0; i < BaseCustomers; i++)
        {
            var plan = _dice.Pick(BasePlans);
            Sell(++_customers, plan, _dice.Pick(Regions.Weighted), timeline.First.AddDays(-BaseDays + i * BaseDays / BaseCustomers),
                ListPrice(plan, timeline.First), IsYearly(plan));
        }
    }

    private void Welcome(DateOnly day)
    {
        var arrivals = _dice.Count(NewPerWeek / 7 * Demand.Buying(timeline, day));
        if (day == timeline.Last)
            arrivals = Math.Max(1, arrivals);

        for (var i = 0; i < arrivals; i++)
        {
            var plan = _dice.Pick(NewPlans);
            if (plan is Plan.Enterprise && day >= timeline.LastWeek)
                plan = Plan.Business;
            Sell(++_customers, plan, _dice.Pick(Regions.Weighted), day, ListPrice(plan, day), IsYearly(plan));
        }

        foreach (var former in _returning.GetValueOrDefault(day, []))
            Sell(former.Customer, former.Plan, former.Region, day, Scaled(former.MonthlyCents, 0.85, 1.05), former.Yearly);
    }

    private void Live(Subscription subscription, DateOnly day)
    {
        if (subscription.PriceMove == day)
        {
            MoveToNewPrice(subscription, day);
            return;
        }

        // The last week of Enterprise is told by WeakenDachEnterprise alone; chance must not talk over it.
        if (day < subscription.Start.AddDays(30) || (subscription.Plan is Plan.Enterprise && day >= timeline.LastWeek))
            return;

        var terms = PlanTerms.Of(subscription.Plan);
        var leaves = terms.Leaves * (subscription.Yearly ? 0.6 : 1) * (timeline.IsAftermath(day) ? 2.9 : 1);
        var upgrades = day < timeline.LastWeek ? terms.Upgrades : 0;
        var roll = _dice.Next() * DaysPerMonth;

        if ((roll -= leaves) < 0)
            Leave(subscription, day);
        else if ((roll -= upgrades) < 0)
            ChangePlan(subscription, subscription.Plan + 1, day);
        else if ((roll -= terms.Downgrades) < 0)
            ChangePlan(subscription, subscription.Plan - 1, day);
        else if ((roll -= terms.Grows) < 0)
            Replace(subscription, subscription.Plan, day, Scaled(subscription.MonthlyCents, 1.08, 1.26));
        else if ((roll -= terms.Shrinks) < 0)
            Replace(subscription, subscription.Plan, day, Scaled(subscription.MonthlyCents, 0.78, 0.94));
        else if (roll - terms.Doubles < 0)
            Sell(subscription.Customer, Plan.Team, subscription.Region, day, ListPrice(Plan.Team, day), yearly: false);
    }

    private void Leave(Subscription subscription, DateOnly day)
    {
        subscription.End = day;
        if (_dice.Chance(0.1) && day.AddDays(30 + _dice.Below(150)) is var back && back <= timeline.Last)
        {
            if (!_returning.TryGetValue(back, out var returning))
                _returning[back] = returning = [];
            returning.Add(subscription);
        }
    }

    private void ChangePlan(Subscription subscription, Plan plan, DateOnly day)
    {
        var price = Scaled(ListPrice(plan, day), 0.85, 1);
        var isUpgrade = plan > subscription.Plan;
        Replace(subscription, plan, day, isUpgrade
            ? Math.Max(price, subscription.MonthlyCents * 5 / 4)
            : Math.Min(price, subscription.MonthlyCents * 3 / 4));
    }

    private void AnnounceNewPrice()
    {
        foreach (var subscription in _running.Where(s => s.Plan is Plan.Team or Plan.Business))
            subscription.PriceMove = timeline.PriceChange.AddDays(7 + _dice.Below(54));
    }

    private void MoveToNewPrice(Subscription subscription, DateOnly day)
    {
        var terms = PlanTerms.Of(subscription.Plan);
        subscription.PriceMove = null;
        var roll = _dice.Next();
        if (roll < 0.05)
            Leave(subscription, day);
        else if (roll < 0.13)
            Replace(subscription, subscription.Plan, day, Scaled(subscription.MonthlyCents, 0.75, 0.95));
        else
            Replace(subscription, subscription.Plan, day, subscription.MonthlyCents * terms.NewCents / terms.Cents);
    }

    /// <summary>Two of the larger accounts leave, on Tuesday and Wednesday; on Friday a third takes the smaller plan.</summary>
    private void WeakenDachEnterprise(DateOnly day)
    {
        var weekday = day.DayOfWeek;
        if (weekday is not (DayOfWeek.Tuesday or DayOfWeek.Wednesday or DayOfWeek.Friday))
            return;

        var account = _running
            .Where(s => s is { Plan: Plan.Enterprise, Region: "DACH", End: null, MonthlyCents: < 1_400_000 } && s.Start < timeline.LastWeek)
            .OrderByDescending(s => s.MonthlyCents).ThenBy(s => s.Id)
            .First();

        if (weekday is DayOfWeek.Friday)
            ChangePlan(account, Plan.Business, day);
        else
            account.End = day;
    }

    /// <summary>Ends the old line and begins a new one on the same day: no gap, no overlap.</summary>
    private void Replace(Subscription old, Plan plan, DateOnly day, long monthlyCents)
    {
        old.End = day;
        var replacement = Sell(old.Customer, plan, old.Region, day, monthlyCents, old.Yearly);
        replacement.PriceMove = plan == old.Plan ? old.PriceMove : null;
    }

    private Subscription Sell(int customer, Plan plan, string region, DateOnly start, long monthlyCents, bool yearly)
    {
        var subscription = new Subscription
        {
            Id = _all.Count + 1,
            Customer = customer,
            Plan = plan,
            Region = region,
            Start = start,
            MonthlyCents = monthlyCents,
            Yearly = yearly,
        };
        _all.Add(subscription);
        _running.Add(subscription);
        return subscription;
    }

    private long ListPrice(Plan plan, DateOnly day)
    {
        var terms = PlanTerms.Of(plan);
        return Scaled(day < timeline.PriceChange ? terms.Cents : terms.NewCents, 0.8, 1.35);
    }

    private long Scaled(long cents, double low, double high) => (long)(cents * _dice.Between(low, high));

    private bool IsYearly(Plan plan) => _dice.Chance(plan is Plan.Enterprise ? 0.75 : 0.22);
}
