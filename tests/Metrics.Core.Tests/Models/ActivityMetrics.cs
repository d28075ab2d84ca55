using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Tests.Periods;

namespace Metrics.Core.Tests.Models;

/// <summary>A metric for every measure of what users do, and records for them to count.</summary>
internal static class ActivityMetrics
{
    public static IReadOnlyList<Metric> Engagement { get; } =
    [
        Metric("active_users", "engagement.active_users", OverTime.Distinct),
        Metric("buyers", "engagement.active_users", OverTime.Distinct, ("event", "order")),
        Metric("rolling_7", "engagement.rolling_users", OverTime.Last, ("days", "7")),
        Metric("rolling_28", "engagement.rolling_users", OverTime.Last, ("days", "28")),
        Metric("power", "engagement.power_users", OverTime.Last, ("days", "7"), ("at_least", "2")),
        Metric("days_active", "engagement.days_active", OverTime.Last, ("days", "28")) with { Dimensions = ["days"] },
        Metric("sessions", "engagement.sessions", OverTime.Sum),
        Metric("events", "engagement.events", OverTime.Sum) with { OverSegments = OverSegments.Sum, Dimensions = ["event", "region"] },
        Metric("amount", "engagement.amount", OverTime.Sum) with { OverSegments = OverSegments.Sum, Unit = Unit.Currency },
    ];

    public static IReadOnlyList<Metric> Growth { get; } =
    [
        .. new[] { "new_users", "retained_users", "resurrected_users", "churned_users" }.Select(row => Metric(row, "growth." + row, OverTime.None)),
        Metric("activation_cohort", "growth.activation_cohort", OverTime.Sum, ("days", "7")),
        Metric("activated", "growth.activated_users", OverTime.Sum, ("days", "7"), ("event", "order")),
        Metric("funnel_2", "growth.funnel_users", OverTime.Sum, ("steps", "signup, login, order"), ("step", "2"), ("days", "30")),
        Metric("funnel_3", "growth.funnel_users", OverTime.Sum, ("steps", "signup, login, order"), ("step", "3"), ("days", "30")),
        Metric("funnel_events", "growth.funnel_users", OverTime.Sum, ("steps", "login, order"), ("step", "2"), ("days", "3")),
        Metric("funnel_seconds", "growth.funnel_seconds", OverTime.Sum, ("steps", "login, order"), ("step", "2"), ("days", "9")) with { Unit = Unit.Duration },
    ];

    public static IReadOnlyList<Metric> Retention { get; } =
    [
        .. new[] { "cohort_users", "cohort_users_on_or_after", "cohort_size", "cohort_amount" }.SelectMany(measure => (Metric[])
        [
            Cohort(measure, Grain.Week), Cohort(measure, Grain.Day, ("most_days", "20")), Cohort(measure, Grain.Month, ("cohort", "signup")),
        ]),
        Metric("back_7", "retention.returned_users", OverTime.Sum, ("from", "7")),
        Metric("back_1_20", "retention.returned_users", OverTime.Sum, ("from", "1"), ("to", "20")),
        Metric("back_from_3", "retention.returned_users_on_or_after", OverTime.Sum, ("from", "3"), ("cohort", "signup")),
        Metric("of_age_7", "retention.users_of_age", OverTime.Sum, ("from", "7")),
    ];

    /// <summary>A signup or an event of one of a few users, on a day or at a moment.</summary>
    public static Gen<object> Records { get; } =
        from user in Gen.Elements("anna", "bert", "carl")
        from day in Gen.Choose(0, 80)
        from minute in Gen.Choose(-1, 1439)
        from name in Gen.Elements("login", "order", "order", "")
        from region in Gen.Elements("EU", "US", "")
        let date = Some.Day("2026-01-20").AddDays(day)
        let at = minute < 0 ? $"{date:yyyy-MM-dd}" : $"{date:yyyy-MM-dd}T{minute / 60:00}:{minute % 60:00}:00Z"
        select name.Length == 0 ? (object)new { user, at, dims = new { region } } : new { user, at, @event = name, amount = 12.5m, dims = new { region } };

    private static Metric Cohort(string measure, Grain native, params (string Name, string Value)[] with) =>
        Metric($"{measure}_{native.Name()}", "retention." + measure, OverTime.None, with) with
        {
            NativeGrain = native, Dimensions = ["cohort"], Missing = Missing.Unknown, Unit = measure == "cohort_amount" ? Unit.Currency : Unit.Count,
        };

    private static Metric Metric(string id, string model, OverTime overTime, params (string Name, string Value)[] with) => new()
    {
        Id = id, Name = id, Unit = Unit.Count, Model = model, OverTime = overTime, OverSegments = OverSegments.None, Missing = Missing.Zero,
        Dimensions = ["region"], With = with.ToDictionary(pair => pair.Name, pair => pair.Value),
    };
}
