using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Models;
using Metrics.Core.Models.Revenue;
using Metrics.Core.Periods;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;
using static Metrics.Core.Tests.Models.Revenue.RevenueFigures;
using static Metrics.Core.Tests.Models.Revenue.SomeRevenue;

namespace Metrics.Core.Tests.Models.Revenue;

/// <summary>Revenue in several currencies: what rates do to it is a movement of its own, to the cent.</summary>
public sealed class ExchangeRateTests
{
    [Test]
    public void What_rates_alone_change_is_neither_expansion_nor_contraction()
    {
        var figures = Of("",
            Sub("anna", "2026-01-05..2026-03-01", 100, ("currency", "EUR")), Sub("anna", "2026-02-10", 10, ("currency", "EUR")),
            RateOf("EUR", "2026-01-01", 1.10m), RateOf("EUR", "2026-02-01", 1.20m), RateOf("EUR", "2026-03-01", 1.05m));

        Assert.That(figures.Moves, Is.EqualTo((string[])
        [
            "01-05 new 110", "01-05 new_customers 1", "02-01 fx 10", "02-10 expansion 12", "03-01 contraction 105", "03-01 fx -16.5",
        ]));
        Assert.That(figures.At("mrr", "2026-02-28"), Is.EqualTo(132));
        Assert.That(figures.At("mrr", "2026-03-01"), Is.EqualTo(10.5m));
    }

    [Test]
    public void In_constant_currency_rates_move_nothing()
    {
        object[] bodies = [Sub("anna", "2026-01-05", 100, ("currency", "eur")), RateOf("EUR", "2026-01-01", 1.10m), RateOf("EUR", "2026-02-01", 1.20m)];

        Assert.That(Of("", bodies).At("mrr_constant", "2026-03-01"), Is.EqualTo(110), "each currency's first rate");
        Assert.That(Of("fx_date 2026-02-15", bodies).At("mrr_constant", "2026-01-31"), Is.EqualTo(120));
        Assert.That(Of("fx_rate fixed", bodies).Moves, Is.EqualTo((string[])["01-05 new 110", "01-05 new_customers 1"]));
        Assert.That(Of("", bodies).Lines("new_constant"), Is.EqualTo((string[])["01-05 new_constant 110"]));
    }

    [Test]
    public void At_the_rate_of_its_service_period_an_amount_moves_when_it_is_charged_again() => Assert.That(
        Of("fx_rate service_start", Sub("anna", "2026-01-15", 100, ("currency", "EUR")), RateOf("EUR", "2026-01-01", 1.10m), RateOf("EUR", "2026-02-01", 1.20m)).Moves,
        Is.EqualTo((string[])["01-15 new 110", "01-15 new_customers 1", "02-15 fx 10"]));

    [Test]
    public void Each_subscription_is_rounded_by_itself_in_the_decimals_of_its_currency()
    {
        var figures = Of("",
            Sub("anna", "2026-01-05", 1000, ("currency", "JPY"), ("interval", "year")), Sub("bert", "2026-01-05", 1000, ("currency", "JPY"), ("interval", "year")),
            RateOf("JPY", "2026-01-01", 0.00667m));

        // 1000 a year are 83 yen a month, and those 0.55361 dollars: twice 0.55.
        Assert.That(figures.At("mrr", "2026-01-05"), Is.EqualTo(1.10m));
    }

    [Test]
    public void Days_without_a_rate_have_no_total_and_the_subscriptions_are_named()
    {
        var figures = Of("",
            Sub("anna", "2026-01-05", 100), Sub("bert", "2026-02-01", 50, ("currency", "EUR"), ("subscription", "B-7")), RateOf("EUR", "2026-02-10", 1.2m));

        Assert.That(figures.At("mrr", "2026-01-31"), Is.EqualTo(100));
        Assert.That(figures.At("mrr", "2026-02-05"), Is.Null);
        Assert.That(figures.At("mrr", "2026-02-10"), Is.EqualTo(160));
        Assert.That(figures.At("opening_mrr", "2026-02-09", Grain.Week), Is.Null, "the day before it has no total");
        Assert.That(figures.Moves, Does.Not.Contain("02-10 new 60"), "a rate makes nobody a new customer");
        var warning = figures.Result.Warnings.Single();
        Assert.That((warning.Code, warning.LeftOut, warning.Examples[0].Record), Is.EqualTo(("no_rate", true, "B-7")));
        Assert.That(warning.Examples[0].What, Is.EqualTo("bert: EUR from 2026-02-01 to 2026-02-10"));
    }

    [Test]
    public void Where_rates_begin_after_the_data_nothing_earlier_is_known()
    {
        var figures = Of("", Sub("bert", "2026-01-05", 50, ("currency", "EUR")), RateOf("EUR", "2026-02-10", 1.2m));

        Assert.That(figures.Result.DataFrom, Is.EqualTo(Some.Day("2026-02-10")));
        Assert.That(figures.At("mrr", "2026-02-10"), Is.EqualTo(60));
    }

    [Test]
    public void Without_any_rate_another_currency_is_refused() => Assert.That(
        () => Of("", Sub("anna", "2026-01-05", 100, ("currency", "EUR"))), Throws.TypeOf<ModelException>().With.Message.Contains("exchange_rate"));

    [Test]
    public void Of_two_rates_of_a_day_the_last_one_counts_and_it_is_told()
    {
        var figures = Of("", Sub("anna", "2026-01-05", 100, ("currency", "EUR")), RateOf("EUR", "2026-01-01", 1.1m), RateOf("EUR", "2026-01-01", 1.3m));

        Assert.That((figures.At("mrr", "2026-01-05"), figures.Warned), Is.EqualTo(((decimal?)130, (string[])["two_rates 1"])));
    }

    /// <summary>Whatever the rows, the currencies and the choices: at every grain, in every segment, to the cent.</summary>
    [Test]
    public void What_there_was_and_what_moved_is_what_there_is() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(Bodies), Arb.From(Choices), (bodies, choices) =>
        {
            var figures = RevenueFigures.Of(choices, bodies);
            if (figures.Result.DataFrom is not { } from)
                return true;

            foreach (var segment in figures.Segments("mrr"))
            {
                foreach (var period in Some.Grains.SelectMany(grain => Some.Calendar().Covering(grain, from, Some.Day(Through))))
                {
                    var last = period.LastDay < Some.Day(Through) ? period.LastDay : Some.Day(Through).AddDays(-1);
                    AssertIdentity(figures, segment, period, last, "mrr", "");
                    AssertIdentity(figures, segment, period, last, "mrr_constant", RevenueMeasures.Constant);
                    var customers = (figures.On(segment, "customers", period.Start.AddDays(-1)) ?? 0) + figures.Sum(segment, "new_customers", period)
                        + figures.Sum(segment, "reactivated_customers", period) - figures.Sum(segment, "churned_customers", period);
                    Assert.That(customers, Is.EqualTo(figures.On(segment, "customers", last)), $"customers of {segment} in {period}");
                    Assert.That(figures.Sum(segment, "involuntary_churn", period), Is.LessThanOrEqualTo(figures.Sum(segment, "churn", period)));
                    Assert.That(figures.Sum(segment, "trials_converted", period), Is.LessThanOrEqualTo(figures.Sum(segment, "trials_ended", period)));
                }
            }

            foreach (var series in figures.Result.Outputs.Where(output => output.Metric is "kept_mrr" or "kept_mrr_12m").SelectMany(output => output.Series))
            {
                var window = series.Key.Metric["kept_mrr".Length..];
                foreach (var point in series.Points)
                {
                    Assert.That((decimal)point.Value, Is.LessThanOrEqualTo(figures.On(series.Key.Segment, "opening_mrr" + window, point.Day, series.Key.Grain)!), "GRR");
                    Assert.That((decimal)point.Value, Is.LessThanOrEqualTo(figures.On(series.Key.Segment, "closing_mrr_of_opening" + window, point.Day, series.Key.Grain)!), "NRR");
                }
            }

            return true;
        }));

    private static void AssertIdentity(RevenueFigures figures, Metrics.Core.Series.Segment segment, Period period, DateOnly last, string level, string suffix)
    {
        var start = figures.On(segment, level, period.Start.AddDays(-1)) ?? 0;
        var moved = figures.Sum(segment, "new" + suffix, period) + figures.Sum(segment, "reactivation" + suffix, period)
            + figures.Sum(segment, "expansion" + suffix, period) - figures.Sum(segment, "contraction" + suffix, period)
            - figures.Sum(segment, "churn" + suffix, period) + (suffix.Length == 0 ? figures.Sum(segment, "fx", period) : 0);
        Assert.That(start + moved, Is.EqualTo(figures.On(segment, level, last)), $"{level} of {segment} in {period}");
    }
}
