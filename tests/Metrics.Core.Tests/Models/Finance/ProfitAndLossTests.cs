using Metrics.Core.Models.Finance;
using Metrics.Core.Periods;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;
using NUnit.Framework;

namespace Metrics.Core.Tests.Models.Finance;

/// <summary>The statement of some months: to the cent, against the budget and the year before, and equal to the metrics of the books.</summary>
public sealed class ProfitAndLossTests
{
    private static readonly ReportingCalendar Calendar = Some.Calendar();

    private static readonly object[] Entries =
    [
        .. Month("2026-10-01", 1000.10m, 250.03m, 300.01m, 50.05m), .. Month("2026-09-01", 900.01m, 240.02m, 310.03m, 50.05m),
        .. Month("2025-10-01", 800.40m, 260.01m, 250.02m, 40.05m),
        Entry("4000", "2026-10-01", -1100, "budget"), Entry("5000", "2026-10-01", 230, "Budget"), Entry("6100", "2026-10-01", 320, "budget"),
        Entry("1200", "2026-10-01", 99_999), Entry("9999", "2026-10-01", 1), Entry("4100", "2026-10-01", 1, currency: "GBP"),
    ];

    private LedgerBook _book = null!;

    [OneTimeSetUp]
    public async Task ReadAsync() =>
        _book = await LedgerBook.ReadAsync(Company.Records(Entries).ToAsyncEnumerable(), Calendar, FinanceModelTests.Accounts, CancellationToken.None);

    [Test]
    public void Subtotals_add_up_to_the_cent()
    {
        var statement = Of("2026-10-01");

        Assert.That(statement.Lines.Where(line => line.Kind != StatementLineKind.Margin).Select(line => (line.Id, line.Amounts.Actual)), Is.EqualTo(((string, decimal?)[])
        [
            ("revenue", 1000.10m), ("cogs", 250.03m), ("gross_profit", 750.07m), ("sales_marketing", 300.01m), ("ebitda", 450.06m),
            ("depreciation", 50.05m), ("operating_income", 400.01m), ("net_income", 400.01m),
        ]));
        Assert.That(statement.Line("gross_profit_margin").Amounts.Actual, Is.EqualTo(750.07m / 1000.10m));
        Assert.That(statement.Line("revenue").Accounts.Select(account => (account.Id, account.Amounts.Actual)), Is.EqualTo(((string, decimal?)[])[("4000", 1000.10m)]));
        Assert.That(_book.LeftOut, Is.EqualTo(2));
    }

    [Test]
    public void More_cost_than_planned_is_unfavorable_and_more_revenue_favorable()
    {
        var statement = Of("2026-10-01");
        var (revenue, costs, net) = (statement.Line("revenue"), statement.Line("cogs"), statement.Line("net_income"));

        Assert.That((revenue.Amounts.ToBudget, revenue.Favorable(revenue.Amounts.ToBudget)), Is.EqualTo((-99.90m, -1)));
        Assert.That((costs.Amounts.ToBudget, costs.Favorable(costs.Amounts.ToBudget)), Is.EqualTo((20.03m, -1)));
        Assert.That((costs.Amounts.ToPriorYear, costs.Favorable(costs.Amounts.ToPriorYear)), Is.EqualTo((-9.98m, 1)));
        Assert.That(net.Amounts.Budget, Is.EqualTo(1100 - 230 - 320), "what is not budgeted is budgeted with nothing");
        Assert.That(StatementAmounts.Share(-99.90m, revenue.Amounts.Budget), Is.EqualTo(-99.90m / 1100));
        Assert.That((StatementAmounts.Share(5, 0), StatementAmounts.Share(5, -10)), Is.EqualTo(((decimal?)null, (decimal?)0.5m)));
    }

    [Test]
    public void A_book_without_an_entry_says_nothing_and_not_zero()
    {
        var statement = Of("2026-09-01");

        Assert.That((statement.HasActual, statement.HasBudget, statement.HasForecast, statement.HasPriorYear), Is.EqualTo((true, false, false, false)));
        Assert.That(statement.Lines.Select(line => line.Amounts.Budget), Is.All.Null);
        Assert.That(statement.Line("net_income").Amounts.ToBudget, Is.Null);
    }

    [Test]
    public void The_year_so_far_is_the_sum_of_its_months()
    {
        var year = ProfitAndLoss.Of(_book, FinanceModelTests.Accounts, Some.Days("2026-01-01..2026-10-31"), Some.Days("2025-01-01..2025-10-31"));

        foreach (var id in (string[])["revenue", "gross_profit", "ebitda", "net_income"])
            Assert.That(year.Line(id).Amounts.Actual, Is.EqualTo(Of("2026-09-01").Line(id).Amounts.Actual + Of("2026-10-01").Line(id).Amounts.Actual));
        Assert.That(year.HasPriorYear, Is.False, "the books begin in October");
    }

    [Test]
    public async Task It_says_what_the_metrics_of_the_books_say()
    {
        using var company = new Company("metrics: []", now: "2026-11-10");
        await company.ComputeAsync(new FinanceModel(), "2026-11-01", Company.Records(Entries));
        var statement = Of("2026-10-01");
        var october = Calendar.Containing(Grain.Month, Some.Day("2026-10-01"));

        foreach (var (line, metric) in ((string, string)[])
            [("revenue", "revenue_actual"), ("cogs", "cogs_actual"), ("gross_profit", "gross_profit"), ("gross_profit_margin", "gross_margin"),
                ("ebitda", "ebitda"), ("ebitda_margin", "ebitda_margin"), ("operating_income", "operating_income"), ("operating_income_margin", "operating_margin")])
        {
            var value = (await company.TotalAsync(metric, Grain.Month, [october])).Single().Value;
            Assert.That(value, Is.EqualTo(statement.Line(line).Amounts.Actual).Within(1e-12m), metric);
        }

        Assert.That((await company.TotalAsync("revenue_variance", Grain.Month, [october])).Single().Value, Is.EqualTo(statement.Line("revenue").Amounts.ToBudget));
    }

    private ProfitAndLoss Of(string month)
    {
        var period = Calendar.Containing(Grain.Month, Some.Day(month));
        return ProfitAndLoss.Of(_book, FinanceModelTests.Accounts, period, Calendar.YearAgo(Grain.Month, period));
    }

    private static object[] Month(string day, decimal revenue, decimal costs, decimal marketing, decimal depreciation) =>
    [
        Entry("4000", day, -revenue), Entry("5000", day, costs), Entry("6100", day, marketing), Entry("6900", day, depreciation),
    ];

    private static object Entry(string account, string at, decimal amount, string scenario = "actual", string? currency = null) =>
        currency is null ? new { account, at, amount, scenario } : new { account, at, amount, scenario, currency };
}
