using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Periods;
using Metrics.Core.Targets;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Targets;

public sealed class PaceShapeTests
{
    private static readonly Period November = Some.Days("2026-11-01..2026-11-30");

    private static Arbitrary<decimal[]> Figures { get; } =
        Gen.Choose(0, 10_000).Select(cents => cents / 100m).ArrayOf(PaceShape.ProfileDays).Where(figures => figures.Sum() > 0).ToArbitrary();

    [Test]
    public void The_share_grows_from_nothing_to_all_and_never_falls_whatever_weighs_the_days() =>
        Prop.ForAll(Some.Looks, Figures, (look, figures) => ShapesOf(look, figures).All(shape =>
        {
            var shares = Enumerable.Range(0, look.Period.Days + 1).Select(days => shape.Until(days).Value).ToArray();
            return shares[0] == 0 && shares[^1] == 1 && shares.Zip(shares.Skip(1)).All(pair => pair.First <= pair.Second);
        })).QuickCheckThrowOnFailure();

    [Test]
    public void The_share_of_a_part_is_what_it_adds() =>
        Prop.ForAll(Some.Looks, Figures, (look, figures) => ShapesOf(look, figures).All(shape =>
        {
            var middle = look.Period.Days / 2;
            return middle == 0
                || shape.Of(new Period(look.Period.Start, look.Period.Start.AddDays(middle))).Part == shape.Until(middle).Part;
        })).QuickCheckThrowOnFailure();

    [Test]
    public void A_projection_times_the_elapsed_share_is_the_actual_figure() =>
        Prop.ForAll(Some.Looks, Figures, Gen.Choose(0, 1_000_000).ToArbitrary(), (look, figures, actual) => ShapesOf(look, figures).All(shape =>
            Enumerable.Range(1, look.Period.Days).Select(shape.Until).All(elapsed =>
                elapsed.Projected(actual) is not { } projection || Math.Abs(elapsed.Of(projection) - actual) < 1e-9m)))
            .QuickCheckThrowOnFailure();

    [Test]
    public void Where_every_day_is_a_business_day_business_days_are_days() =>
        Prop.ForAll(Some.Looks, look =>
        {
            var calendar = new ReportingCalendar(look.Settings with { BusinessHours = EveryDay });
            var shape = PaceShape.BusinessDays(calendar, look.Period);
            return Enumerable.Range(0, look.Period.Days + 1).All(days => shape.Until(days).Value == PaceShape.Linear(look.Period).Until(days).Value);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void A_profile_of_days_that_are_all_alike_is_linear()
    {
        var alike = Enumerable.Repeat((decimal?)5, PaceShape.ProfileDays).ToArray();

        foreach (var shape in (PaceShape[])[PaceShape.Weekdays(November, alike)!, PaceShape.LastYear(November, alike)!])
        {
            for (var days = 0; days <= 30; days++)
                Assert.That(shape.Until(days).Value, Is.EqualTo(days / 30m).Within(1e-11m), $"{shape.Basis} after {days} days");
        }
    }

    [Test]
    public void A_weekend_and_a_holiday_bring_nothing()
    {
        // 1 November 2026 is a Sunday; of the 21 weekdays one is taken off.
        var calendar = new ReportingCalendar(new CalendarSettings { Holidays = new HashSet<DateOnly> { Some.Day("2026-11-26") } });
        var shape = PaceShape.BusinessDays(calendar, November);

        Assert.That(shape.Until(1).Value, Is.Zero);
        Assert.That(shape.Until(2).Value, Is.EqualTo(0.05m));
        Assert.That(shape.Until(26).Value, Is.EqualTo(shape.Until(25).Value));
        Assert.That(PaceShape.BusinessDays(calendar, Some.Days("2026-11-01..2026-11-01")).Basis, Is.EqualTo(PaceBasis.Days), "a Sunday alone has no business day");
    }

    [Test]
    public void The_season_of_the_year_before_is_followed_at_the_same_share_of_its_days()
    {
        // All of a quarter came in its second half.
        var yearAgo = Enumerable.Range(0, 92).Select(i => (decimal?)(i < 46 ? 0 : 10)).ToArray();
        var shape = PaceShape.LastYear(Some.Days("2026-10-01..2026-12-31"), yearAgo)!;

        Assert.That(shape.Basis, Is.EqualTo(PaceBasis.LastYear));
        Assert.That(shape.Until(30).Value, Is.Zero);
        Assert.That(shape.Until(46).Value, Is.GreaterThan(0).And.LessThan(0.05m), "smoothed, so not a step");
        Assert.That(shape.Until(69).Value, Is.EqualTo(0.5m).Within(0.01m));
    }

    [Test]
    public void Days_that_are_not_known_or_bring_less_than_nothing_give_no_profile()
    {
        var figures = Enumerable.Repeat((decimal?)5, PaceShape.ProfileDays).ToArray();
        decimal?[] gap = [.. figures];
        gap[7] = null;
        decimal?[] negative = [.. figures.Select((figure, i) => i % 7 == 3 ? -figure : figure)];

        Assert.That(PaceShape.Weekdays(November, gap), Is.Null);
        Assert.That(PaceShape.LastYear(November, gap), Is.Null);
        Assert.That(PaceShape.Weekdays(November, negative), Is.Null);
        Assert.That(PaceShape.Weekdays(November, [.. figures.Select(_ => (decimal?)0)]), Is.Null);
    }

    private static BusinessHours EveryDay { get; } =
        BusinessHours.TryParse(BusinessHours.Names.Skip(1).ToDictionary(name => name, _ => "00:00-24:00"), out _)!;

    private static IEnumerable<PaceShape> ShapesOf(Look look, decimal[] figures) =>
    [
        PaceShape.Linear(look.Period), PaceShape.BusinessDays(look.Calendar, look.Period),
        PaceShape.Weekdays(look.Period, [.. figures.Select(figure => (decimal?)figure)]) ?? PaceShape.Linear(look.Period),
        PaceShape.LastYear(look.Period, [.. figures.Select(figure => (decimal?)figure)])!,
    ];
}
