using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Models.Sales;
using Metrics.Core.Periods;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Models.Sales;

/// <summary>What deals are counted as, and the formulas made of them and of what winning customers costs.</summary>
public sealed class SalesModelTests
{
    private static readonly (string, string)[] Eu = [("region", "EU")];

    [Test]
    public void A_deal_is_open_from_its_creation_to_its_closing_and_then_won_or_lost()
    {
        var figures = Of([Deal("d1", "2026-03-02", 100, "2026-03-20", "2026-03-05", true),
            Deal("d2", "2026-03-03", 50, "2026-03-20", "2026-03-04", false),
            Deal("d3", "2026-03-03", null, "2026-03-30"), Deal("late", "2027-03-03", 1, null)]);

        Assert.That(Days("pipeline"), Is.EqualTo(new decimal?[] { 100, 150, 100, 0 }));
        Assert.That(Days("open_deals"), Is.EqualTo(new decimal?[] { 1, 3, 2, 1 }));
        Assert.That(Days("opportunities_created"), Is.EqualTo(new decimal?[] { 1, 2, null, null }));
        Assert.That(Days("won_amount"), Is.EqualTo(new decimal?[] { null, null, null, 100 }));
        Assert.That(Days("deals_lost"), Is.EqualTo(new decimal?[] { null, null, 1, null }));
        Assert.That(Published.Formula("win_rate", metric => figures.Sum(metric, Grain.Day, Eu)), Is.EqualTo(0.5m));
        Assert.That(Published.Formula("win_rate_value", metric => figures.Sum(metric, Grain.Day, Eu)),
            Is.EqualTo(100m / 150).Within(1e-12m));
        Assert.That(figures.At("sales_cycle", "2026-03-01", Grain.Month), Is.EqualTo(3 * 86_400));
        Assert.That(figures.Warnings, Is.Empty);

        decimal?[] Days(string metric) => [.. Enumerable.Range(2, 4).Select(day => figures.At(metric, $"2026-03-0{day}", Grain.Day, Eu))];
    }

    [Test]
    public void What_closes_in_a_period_is_still_open_at_its_end_or_now()
    {
        var figures = Of(
        [
            Deal("won", "2026-03-02", 100, "2026-03-20", "2026-03-05", true),
                Deal("late", "2026-02-01", 30, "2026-02-20", "2026-03-04", false),
            Deal("open", "2026-03-02", 7, "2026-03-25"), Deal("never dated", "2026-03-02", 5, null),
                Deal("next", "2026-03-02", 900, "2026-04-02"),
        ], before: "2026-03-10");

        Assert.That(figures.At("pipeline_closing", "2026-02-01", Grain.Month), Is.EqualTo(30),
            "it was expected in February and still open at its end");
        Assert.That(figures.At("pipeline_closing", "2026-03-01", Grain.Month), Is.EqualTo(7));
        Assert.That(figures.At("pipeline_closing", "2026-01-01", Grain.Quarter), Is.EqualTo(7));
        Assert.That(figures.At("pipeline_closing", "2026-04-01", Grain.Month), Is.Null, "nobody knows yet what will be open then");
    }

    [Test]
    public void Deals_that_contradict_themselves_are_named()
    {
        var figures = Of([Deal("d1", "2026-03-02", 100, null, "2026-03-01", true), Deal("d2", "2026-03-02", 100, null, null, true),
            Deal("d3", "2026-03-02", 100, null, "2026-03-04"), Deal("d4", "2026-03-02", 100, null, currency: "GBP")]);

        Assert.That(figures.Warnings, Is.EqualTo((string[])
            ["closed_before_creation 1 left out", "closed_without_day 1 left out", "closed_without_outcome 1 left out",
                "foreign_currency 1 left out"]));
        Assert.That((figures.Sum("deals_won", Grain.Day, Eu), figures.Sum("opportunities_created", Grain.Day, Eu)), Is.EqualTo((0m, 3m)));
        Assert.That(figures.At("open_deals", "2026-03-02", Grain.Day, Eu), Is.EqualTo(1),
            "the one that was closed later is the only one with days that fit");
    }

    [Test]
    public void Velocity_is_the_published_one()
    {
        var (given, expected) = (Published.Example("pipeline_velocity").GetProperty("given"),
            Published.Example("pipeline_velocity").GetProperty("expected"));

        Assert.That(
            Published.Formula("sales_velocity",
                ("open_deals", given.GetProperty("deals").GetDecimal()), ("win_rate", given.GetProperty("win_rate").GetDecimal()),
                ("average_deal", given.GetProperty("avg_value").GetDecimal()),
                    ("sales_cycle_mean", 86_400 * given.GetProperty("cycle_days").GetDecimal())),
            Is.EqualTo((decimal)expected.GetProperty("velocity_per_day").GetDouble()).Within(1e-9m));
    }

    [Test]
    public void The_costs_and_values_of_customers_are_the_published_ones()
    {
        var cac = Published.Example("cac");
        Assert.That(
            Published.Formula("cac",
                ("sales_marketing_actual", cac.GetProperty("given").GetProperty("sales_marketing_spend").GetDecimal()),
                ("new_customers", cac.GetProperty("given").GetProperty("new_customers").GetDecimal())),
            Is.EqualTo(cac.GetProperty("expected").GetProperty("cac").GetDecimal()));

        var ltv = Published.Example("ltv_gross_margin");
        Assert.That(
            Published.Formula("ltv",
                ("arpa", ltv.GetProperty("given").GetProperty("arpu").GetDecimal()),
                    ("gross_margin", ltv.GetProperty("given").GetProperty("gross_margin").GetDecimal()),
                ("logo_churn_rate", ltv.GetProperty("given").GetProperty("churn_rate").GetDecimal())),
            Is.EqualTo(ltv.GetProperty("expected").GetProperty("ltv").GetDecimal()));
        Assert.That(Published.Formula("ltv", ("arpa", 50), ("gross_margin", 1), ("logo_churn_rate", 0)), Is.Null,
            "nobody leaves, so nobody knows");

        Assert.That(Published.Formula("cac_payback", ("cac", 1200), ("asp", 100), ("gross_margin", 0.8m)), Is.EqualTo(15));
        Assert.That(Published.Formula("cac_payback", ("cac", 1200), ("asp", 100), ("gross_margin", -0.1m)), Is.Null);
        Assert.That(Published.Formula("ltv_to_cac", ("ltv", 8000), ("cac", 2000)), Is.EqualTo(4));
    }

    [TestCase(300, 100, 50, "6")]
    [TestCase(300, 100, 100, null, Description = "the budget is met")]
    [TestCase(300, 100, 120, null, Description = "and more than that")]
    public void Coverage_is_of_what_is_still_missing(int closing, int budget, int won, string? coverage) =>
        Assert.That(
            Published.Formula("pipeline_coverage", ("pipeline_closing", closing), ("bookings_budget", budget), ("won_amount", won)),
            Is.EqualTo(coverage is null ? null : (decimal?)decimal.Parse(coverage, System.Globalization.CultureInfo.InvariantCulture)));

    [Test]
    public void Open_deals_change_by_those_that_came_less_those_that_went() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From((from created in Gen.Choose(0, 60)
                  from open in Gen.Choose(-10, 40)
                  from won in Gen.Elements(true, false)
                  select (Created: Some.Day("2026-01-10").AddDays(created), Open: open, Won: won)).ListOf()), deals =>
        {
            var figures = Of(deals.Select((deal, i) => deal.Open < 0
                ? Deal($"d{i}", $"{deal.Created:yyyy-MM-dd}", 1, null)
                : Deal($"d{i}", $"{deal.Created:yyyy-MM-dd}", 1, null, $"{deal.Created.AddDays(deal.Open):yyyy-MM-dd}", deal.Won)));
            decimal before = 0;
            return Some.DaysFrom(Some.Day("2026-01-01"), Some.Day("2026-06-01")).All(day =>
            {
                var text = $"{day:yyyy-MM-dd}";
                decimal Of(string metric) => figures.At(metric, text, Grain.Day, Eu) ?? 0;
                var holds = Of("open_deals") == before + Of("opportunities_created") - Of("deals_won") - Of("deals_lost");
                before = Of("open_deals");
                return holds;
            });
        }));

    internal static object Deal(
        string id, string at, decimal? amount, string? expected, string? closed = null, bool? won = null, string? currency = null,
            string region = "EU")
    {
        var body = new Dictionary<string, object> { ["opportunity"] = id, ["stage"] = "s", ["at"] = at, ["dims"] = new { region } };
        (string, object?)[] optional = [("amount", amount), ("expected_close", expected), ("closed", closed), ("won", won),
            ("currency", currency)];
        foreach (var (name, value) in optional)
        {
            if (value is not null)
                body[name] = value;
        }

        return body;
    }

    private static ModelFigures Of(IEnumerable<object> bodies, string before = "2027-01-01") =>
        new(new SalesModel(), Published.MetricsOf("sales"), bodies, before: before);
}
