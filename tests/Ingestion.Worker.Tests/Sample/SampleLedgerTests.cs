using System.Globalization;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Sample;

[TestFixture("2026-11-21")]
[TestFixture("2026-02-02")]
public sealed class SampleLedgerTests(string end)
{
    private static readonly string[] Costs = ["cost_of_revenue", "research_development", "sales_marketing", "general_admin"];
    private static readonly string[] Accounts = ["revenue", .. Costs, "cash_in", "cash_out", "cash"];

    private SampleBooks _books = null!;
    private Dictionary<(string Account, string Month, string Scenario), decimal> _ledger = null!;

    [OneTimeSetUp]
    public void Write()
    {
        _books = new SampleBooks(Csv.Day(end));
        _ledger = _books.Ledger();
    }

    [OneTimeTearDown]
    public void Remove() => _books.Dispose();

    [Test]
    public void Every_month_has_all_its_accounts_actuals_until_the_last_month_that_is_over_and_budget_until_December()
    {
        var whole = _books.Last.AddDays(1) is var next && next.Day == 1 ? _books.Last : new DateOnly(next.Year, next.Month, 1).AddDays(-1);
        var months = _ledger.Keys.ToLookup(key => key.Scenario, key => key.Month);

        Assert.That(months["actual"].Max(), Is.EqualTo(whole.ToString("yyyy-MM", CultureInfo.InvariantCulture)));
        Assert.That(months["budget"].Max(), Is.EqualTo($"{_books.Last.Year}-12"));
        Assert.That(months["actual"].Distinct().Count(), Is.InRange(35, 37));
        Assert.That(_ledger, Has.Count.EqualTo(
            Accounts.Length * (months["actual"].Distinct().Count() + months["budget"].Distinct().Count())));
    }

    [Test]
    public void Revenue_follows_from_the_subscriptions_of_the_month()
    {
        foreach (var month in Months("actual"))
        {
            var first = Csv.Day(month + "-01");
            var mrr = (_books.Mrr(first.AddDays(-1)) + _books.Mrr(first.AddDays(14)) + _books.Mrr(first.AddMonths(1).AddDays(-1))) / 3;
            Assert.That(_ledger[("revenue", month, "actual")] / mrr, Is.InRange(0.97m, 1.03m), month);
        }
    }

    [TestCase("actual")]
    [TestCase("budget")]
    public void Cash_changes_by_what_comes_in_less_what_goes_out_and_never_runs_out(string scenario)
    {
        var months = Months(scenario);
        foreach (var (before, month) in months.Zip(months.Skip(1)))
        {
            Assert.That(_ledger[("cash", month, scenario)],
                Is.EqualTo(_ledger[("cash", before, scenario)] + _ledger[("cash_in", month, scenario)] - _ledger[("cash_out", month, scenario)]), month);
        }

        Assert.That(months.Min(month => _ledger[("cash", month, scenario)]), Is.Positive);
    }

    [TestCase("actual")]
    [TestCase("budget")]
    public void What_is_earned_and_owed_and_not_yet_paid_is_three_tenths_of_the_last_month_less_those_of_the_first(string scenario)
    {
        var months = Months(scenario);
        decimal Sum(string account) => months.Sum(month => _ledger[(account, month, scenario)]);
        decimal Open(Func<string, decimal> of) => 0.3m * (of(months[^1]) - of(months[0]));
        decimal CostsOf(string month) => Costs.Sum(account => _ledger[(account, month, scenario)]);

        Assert.That(Sum("revenue") - Sum("cash_in"), Is.EqualTo(Open(month => _ledger[("revenue", month, scenario)])).Within(0.02m));
        Assert.That(months.Sum(CostsOf) - Sum("cash_out"), Is.EqualTo(Open(CostsOf)).Within(0.02m));
    }

    [Test]
    public void The_budget_is_near_enough_to_be_missed_or_beaten()
    {
        var ratios = Months("actual")
            .Select(month => _ledger[("revenue", month, "actual")] / _ledger[("revenue", month, "budget")])
            .ToList();

        Assert.That(ratios, Is.All.InRange(0.9m, 1.1m));
        Assert.That(ratios, Has.Some.LessThan(1).And.Some.GreaterThan(1));
    }

    private List<string> Months(string scenario) =>
        [.. _ledger.Keys.Where(key => key.Scenario == scenario).Select(key => key.Month).Distinct().Order(StringComparer.Ordinal)];
}
