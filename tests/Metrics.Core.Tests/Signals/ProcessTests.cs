using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Signals;

/// <summary>What is judged, against which limits, and how it is said. Weeks end with W46 2026 unless said otherwise.</summary>
public sealed class ProcessTests
{
    private static readonly ReportingCalendar Calendar = Some.Calendar();

    // Around 100 without trend, without a memory and without a season.
    private static readonly int[] Noise = [3, -2, -4, 2, 5, -3, 1, 4, -5, 0, -1, 4, -3, 2, -4, 5, 1, -2, 3, -5, 4, -1, -3, 2];

    [Test]
    public void A_figure_above_its_limit_is_said_with_the_limit_and_where_it_comes_from()
    {
        var process = Of([.. Weeks(30), 150]);

        var signal = process.Signal!;
        Assert.That((signal.Rule, signal.Strength, signal.Side, signal.Mark), Is.EqualTo((SignalRule.OutsideLimits, SignalStrength.Strong, Side.Above, "▲")));
        Assert.That(signal.Sentence, Is.EqualTo("Signups 150 is above the upper limit 114 (24 weeks to W39)."));
        Assert.That(signal.Short, Is.EqualTo("Above upper limit: not noise"));
        Assert.That((signal.Period, signal.Value, signal.IsFavorable), Is.EqualTo((process.Newest!.Period, 150m, (bool?)true)));
        Assert.That(process.Limits!.Points, Is.EqualTo(24));
    }

    [TestCase(Direction.Up, false)]
    [TestCase(Direction.Down, true)]
    [TestCase(Direction.Range, null)]
    public void Whether_it_is_good_news_is_up_to_the_metric(Direction direction, bool? isFavorable)
    {
        Assert.That(Of([.. Weeks(30), 50], direction: direction).Signal!.IsFavorable, Is.EqualTo(isFavorable));
    }

    [Test]
    public void Eight_weeks_on_one_side_are_a_shift_and_know_since_when()
    {
        var signal = Of([.. Weeks(30).Select(value => value!.Value), .. Enumerable.Repeat(102m, 9)]).Newest!.Signals
            .Single(one => one.Rule == SignalRule.RunOfEight);

        Assert.That(signal.Short, Is.EqualTo("9 weeks above the mean: a shift"));
        Assert.That(signal.Sentence, Is.EqualTo("Signups: 9 weeks above the mean 100, a shift since W38 (24 weeks to W31)."));
        Assert.That((signal.Mark, signal.Strength), Is.EqualTo(("●", SignalStrength.Weak)));
    }

    [Test]
    public void What_varies_as_it_does_is_no_signal()
    {
        var process = Of(Weeks(40));

        Assert.That((process.Signal, process.Current!.BasisInWords.Count), Is.EqualTo(((Signal?)null, 0)));
    }

    [TestCase(12, false, false)]
    [TestCase(13, true, true)]
    [TestCase(16, true, true)]
    [TestCase(17, true, false)]
    public void Limits_need_twelve_weeks_and_one_to_judge_and_are_provisional_below_sixteen(int weeks, bool hasLimits, bool isProvisional)
    {
        var process = Of(Weeks(weeks));

        Assert.That(process.Limits is not null, Is.EqualTo(hasLimits));
        Assert.That(process.Limits is { Provisional: true }, Is.EqualTo(isProvisional));
        if (isProvisional)
            Assert.That(process.Current!.BaselineText, Does.EndWith(", provisional"));
    }

    [Test]
    public void A_week_that_is_not_complete_is_never_judged()
    {
        var values = Values([.. Weeks(30), 500]);

        var process = Of([.. values.SkipLast(1), values[^1] with { Complete = false }]);

        Assert.That((process.Newest!.Period, process.Signal), Is.EqualTo((values[^2].Period, (Signal?)null)));
    }

    [Test]
    public void A_new_week_never_moves_limits_that_stand() => Prop.ForAll(
        Arb.From(Gen.Choose(-50, 300).ListOf()), Arb.From(Gen.Choose(0, 100_000)), (more, newest) =>
        {
            decimal?[] before = [.. Weeks(25), .. more.Take(20).Select(value => (decimal?)value)];

            // The first weeks stay the same weeks; only the end moves.
            var one = Of(Values(before, first: 0)).Phases[0];
            var two = Of(Values([.. before, newest], first: 0)).Phases[0];
            return one.Limits == two.Limits && one.BaselineTo == two.BaselineTo;
        }).QuickCheckThrowOnFailure();

    [Test]
    public void A_year_has_limits_of_its_own_once_it_has_a_baseline_and_a_week_to_judge()
    {
        var process = Of(Weeks(106));

        Assert.That(process.Current!.From, Is.EqualTo(Calendar.Containing(Grain.Week, Some.Day("2026-01-04"))));
        Assert.That(process.Current.BaselineText, Is.EqualTo("24 weeks to W24"));
        Assert.That(process.Phases.Select(phase => Calendar.Key(Grain.Week, phase.From)), Is.EqualTo(new[] { "2024-W45", "2025-W01", "2026-W01" }));
    }

    [Test]
    public void A_phase_that_somebody_began_has_limits_of_its_own()
    {
        decimal?[] values = [.. Weeks(30), .. Weeks(16).Select(value => value + 40)];

        var without = Of(values);
        var process = Of(values, Change(BaselineKind.PhaseStart, "2026-W31"));

        Assert.That(without.Signal, Is.Not.Null);
        Assert.That((process.Signal, process.Limits!.Center), Is.EqualTo(((Signal?)null, 100 + 40 + Noise.Take(15).Sum() / 15m)));
        Assert.That(process.Current!.Began!.Reason, Is.EqualTo("New onboarding"));
        Assert.That(process.Points[^17].Signals.Concat(process.Points[^16].Signals), Is.Empty, "no rule looks across the seam");
        Assert.That(process.Phases, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_locked_baseline_is_what_limits_are_computed_from_until_somebody_goes_back()
    {
        var values = Weeks(46);
        var locked = Change(BaselineKind.Locked, "2026-W10", "2026-W29") with { Method = LimitMethod.Median };

        var process = Of(values, locked);
        var back = Of(values, locked, Change(BaselineKind.Default, null));

        Assert.That((process.Limits!.Points, process.Limits.Method), Is.EqualTo((20, LimitMethod.Median)));
        Assert.That(process.Current!.BaselineText, Is.EqualTo("20 weeks to W29"));
        Assert.That(back.Limits, Is.EqualTo(Of(values).Limits));
    }

    [Test]
    public void A_stock_is_judged_by_its_change()
    {
        var stock = 1000m;
        decimal?[] values = [.. Enumerable.Range(0, 40).Select(i => (decimal?)(stock += 20 + Noise[i % 24])), 1750m + 200];

        var signal = Of(values, overTime: OverTime.Last).Signal!;

        Assert.That(signal.Phase.OfChanges, Is.True);
        Assert.That(signal.Figure, Is.EqualTo(1950 - stock));
        Assert.That(signal.Sentence, Does.StartWith("Signups 1,950: its change of +143 is above the upper limit +33.4").And.EndWith("(24 changes to W30)."));
        Assert.That(signal.Phase.BasisInWords.Single(), Is.EqualTo("It is a stock, so its change over each period is judged."));
    }

    [Test]
    public void Growth_is_no_signal_and_its_end_is()
    {
        decimal?[] values = [.. Enumerable.Range(0, 40).Select(i => (decimal?)(100 + 5 * i + Noise[i % 24]))];

        var growing = Of(values);
        var fallen = Of([.. values, 180]);

        Assert.That((growing.Signal, growing.Current!.Trends), Is.EqualTo(((Signal?)null, true)));
        Assert.That(fallen.Signal!.Short, Is.EqualTo("Below lower limit: not noise"));
        Assert.That(fallen.Signal.Sentence, Does.Contain(" of its trend (24 weeks to W29)."));
        Assert.That(growing.Newest!.Line!.Center, Is.EqualTo(295).Within(6));
    }

    [Test]
    public void A_week_that_follows_the_one_before_is_judged_by_what_that_lets_expect()
    {
        var (values, last) = (new List<decimal?>(), 0m);
        for (var i = 0; i < 60; i++)
            values.Add(100 + (last = 0.8m * last + Noise[(i * 7) % 24]));

        var process = Of([.. values]);

        var plain = SignalDetector.All(values, ProcessLimits.Of([.. values.Take(24)])!).Count;
        Assert.That(process.Phases[^1].Follows, Is.True);
        Assert.That(process.Points.Sum(point => point.Signals.Count), Is.LessThan(plain / 3));
    }

    [Test]
    public void Months_with_a_season_are_judged_without_it()
    {
        decimal?[] values = [.. Enumerable.Range(0, 37).Select(i => (decimal?)(100 + 30 * (i % 12 == 11 ? 2 : i % 12 / 6) + Noise[i % 24] / 3m))];

        var usual = Of(Values(values, grain: Grain.Month), grain: Grain.Month);
        var half = Of(Values([.. values.SkipLast(1), 60], grain: Grain.Month), grain: Grain.Month);

        Assert.That(usual.Current!.Season, Is.Not.Null);
        Assert.That(usual.Signal, Is.Null);
        Assert.That(half.Signal!.Sentence, Does.Contain("is below the lower limit").And.Contain(" for the season ("));
    }

    [Test]
    public void A_share_of_few_answers_may_be_further_away()
    {
        PeriodValue[] values = Values([.. Enumerable.Range(0, 30).Select(i => (decimal?)(0.50m + Noise[i % 24] / 100m)), 0.68m]);

        Assert.That(Judge(400).Signal, Is.Not.Null);
        Assert.That(Judge(40).Signal, Is.Null);
        Assert.That(Judge(100).Limits!.Center, Is.Zero.Within(1e-20m), "with the same n it is the plain chart around the pooled mean");
        Assert.That(Judge(100).Newest!.Line!.Upper, Is.EqualTo(ProcessLimits.Of([.. values.Take(24).Select(value => value.Value)])!.Upper).Within(1e-12m));

        Process Judge(int answers) => Process.Of(
            Subject(Unit.Percent, interval: new IntervalRule(IntervalKind.Share, ["part"], "answers", 30)), values,
            [.. values.Select((_, i) => new ConfidenceInterval(null, null, i == 30 ? answers : 100, answers < 30))], BaselineChoices.None);
    }

    [Test]
    public void A_lower_limit_is_drawn_at_zero_where_nothing_can_be_less_and_judged_where_it_is()
    {
        var process = Of([.. Enumerable.Range(0, 30).Select(i => (decimal?)(Noise[i % 24] + 5))]);

        Assert.That(process.Limits!.Lower, Is.Negative);
        Assert.That(process.Newest!.Line!.Lower, Is.Zero);
    }

    [Test]
    public void A_missing_week_is_no_week()
    {
        decimal?[] values = [.. Weeks(40)];
        values[35] = null;

        var process = Of(values);

        Assert.That(process.At(process.Points[35].Period)!.Value, Is.Null);
        Assert.That(process.Points[35].Signals, Is.Empty);
        Assert.That(process.Points[36].Line, Is.Not.Null);
    }

    [Test]
    public void Nothing_complete_makes_no_process()
    {
        Assert.That(Of(new decimal?[] { null, null }).Points, Is.Empty);
        Assert.That(Of(Array.Empty<decimal?>()).Signal, Is.Null);
    }

    [Test]
    public void Whatever_the_figures_are_they_can_be_judged_and_said() => Prop.ForAll(
        Arb.From(Gen.Choose(-3, 2_000_000).ListOf()), Arb.From(Gen.Elements(Grain.Day, Grain.Week, Grain.Month, Grain.Quarter, Grain.Year)),
        Arb.From(Gen.Elements(OverTime.Sum, OverTime.Last)), (list, grain, overTime) =>
        {
            decimal?[] figures = [.. list.Select(value => value < 0 ? (decimal?)null : value % 7 == 0 ? 0 : value)];
            var process = Of(Values(figures, grain: grain), grain: grain, overTime: overTime);
            return process.Points.SelectMany(point => point.Signals).All(signal => signal.Sentence.Length > 0 && signal.Short.Length > 0)
                && process.Points.All(point => point.Line is not { } line || line.Lower <= line.Upper);
        }).QuickCheckThrowOnFailure();

    private static decimal?[] Weeks(int count) => [.. Enumerable.Range(0, count).Select(i => (decimal?)(100 + Noise[i % 24]))];

    private static BaselineChange Change(BaselineKind kind, string? from, string? to = null) => new(
        "signups", Grain.Week, Segment.Total, kind, from, to, LimitMethod.Mean, "New onboarding", "Anna", Some.Instant("2026-11-16T08:00:00Z"));

    private static Process Of(decimal?[] values, params BaselineChange[] changes) => Of(Values(values), changes);

    private static Process Of(
        decimal?[] values, Direction direction = Direction.Up, OverTime overTime = OverTime.Sum) =>
        Of(Values(values), direction: direction, overTime: overTime);

    private static Process Of(PeriodValue[] values, params BaselineChange[] changes) => Process.Of(
        Subject(Unit.Count), values, [], BaselineChoices.Of(Calendar, changes));

    private static Process Of(
        PeriodValue[] values, Grain grain = Grain.Week, Direction direction = Direction.Up, OverTime overTime = OverTime.Sum) => Process.Of(
            Subject(Unit.Count, grain, direction, overTime), values, [], BaselineChoices.None);

    private static ProcessSubject Subject(
        Unit unit, Grain grain = Grain.Week, Direction direction = Direction.Up, OverTime overTime = OverTime.Sum, IntervalRule? interval = null)
    {
        var metric = new Metric { Id = "signups", Name = "Signups", Unit = unit, Direction = direction, OverTime = overTime, Interval = interval };
        var accrual = unit == Unit.Percent ? Accrual.Level : overTime == OverTime.Last ? Accrual.Stock : Accrual.Flow;
        return new ProcessSubject("Signups", metric, accrual, grain, Calendar, new ValueFormat(unit, "EUR"));
    }

    /// <summary>Periods that end with the one that holds 15 November 2026, or begin with a week of January 2026.</summary>
    private static PeriodValue[] Values(decimal?[] values, int? first = null, Grain grain = Grain.Week)
    {
        var newest = Calendar.NumberOf(grain, Some.Day("2026-11-15"));
        var from = first is { } week ? Calendar.NumberOf(grain, Some.Day("2026-01-04")) + week : newest - values.Length + 1;
        return
        [
            .. values.Select((value, i) =>
            {
                var period = Calendar.Numbered(grain, from + i);
                return new PeriodValue(period, value, period.Days, Complete: true, null, Restated: false);
            }),
        ];
    }
}
