using System.Text.Json;
using Metrics.Core.Catalog;
using Metrics.Core.Models;
using Metrics.Core.Models.Finance;
using Metrics.Core.Periods;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;
using Metrics.Core.Workspace;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Models.Finance;

/// <summary>What the books come to by group of accounts, and what is left out of them.</summary>
public sealed class FinanceModelTests
{
    internal const string Chart = """
        accounts:
          - { id: "4000", name: Subscriptions, group: revenue, sign: -1 }
          - { id: "4100", name: Services, group: revenue }
          - { id: "5000", group: cogs }
          - { id: "6100", group: sales_marketing }
          - { id: "6200", group: research }
          - { id: "6300", group: general }
          - { id: "6900", group: depreciation }
          - { id: "1200", group: cash }
          - { id: "in", group: cash_in }
          - { id: "out", group: cash_out }
          - { id: "round", group: financing }
        """;

    private static readonly MetricCatalog Catalog = MetricCatalog.Read([], []);

    private static readonly Metric[] BuiltIn =
        [.. Catalog.Metrics.Where(metric => metric.Model?.StartsWith("finance.", StringComparison.Ordinal) == true)];

    [Test]
    public void Entries_add_up_by_group_scenario_and_the_sign_of_their_account()
    {
        var figures = Of([Entry("4000", "2026-01-01", -900), Entry("4100", "2026-01-15", 100), Entry("4000", "2026-01-01", -1100, "budget"),
            Entry("4000", "2026-01-01", -950, "forecast"), Entry("5000", "2026-01-01", 250), Entry("6100", "2026-01-01", 300),
                Entry("6200", "2026-01-01", 200),
            Entry("6900", "2026-01-01", 50), Entry("4000", "2026-02-01", -700)]);

        Assert.That(At("revenue_actual"), Is.EqualTo(1000));
        Assert.That(At("revenue_budget"), Is.EqualTo(1100));
        Assert.That(At("revenue_forecast"), Is.EqualTo(950));
        Assert.That(At("operating_expenses_actual"), Is.EqualTo(550));
        Assert.That(Formula("gross_margin"), Is.EqualTo(0.75m));
        Assert.That(Formula("operating_margin"), Is.EqualTo(0.2m));
        Assert.That(Formula("ebitda"), Is.EqualTo(250));
        Assert.That(Formula("revenue_variance"), Is.EqualTo(-100));
        Assert.That(Catalog["revenue_variance"].Direction, Is.EqualTo(Direction.Up), "less revenue than planned is unfavourable");
        Assert.That(Catalog["cogs_variance"].Direction, Is.EqualTo(Direction.Down), "and so are higher costs");
        Assert.That(Formula("sales_marketing_variance_percent"), Is.Null, "there is no budget of it");
        Assert.That(figures.Warnings, Is.Empty);

        decimal? At(string metric) => figures.At(metric, "2026-01-01", Grain.Month);
        decimal? Formula(string id) => FormulaOf(id, metric => At(metric));
    }

    [Test]
    public void Burn_is_of_the_business_alone()
    {
        var figures = Of([Entry("in", "2026-01-01", 400), Entry("out", "2026-01-01", 1000), Entry("round", "2026-01-01", 9000),
            Entry("1200", "2026-01-01", 8400)]);

        Assert.That(FormulaOf("net_burn", metric => figures.At(metric, "2026-01-01", Grain.Month)), Is.EqualTo(600));
        Assert.That(figures.At("cash_balance", "2026-01-01", Grain.Month), Is.EqualTo(8400));
    }

    [Test]
    public void Burn_multiples_are_the_published_ones()
    {
        using var examples = JsonDocument.Parse(File.ReadAllText(Reference.File("unit-economics/worked_examples.json")));
        var cases = examples.RootElement.EnumerateArray().Where(one => one.GetProperty("kpi").GetString() == "burn_multiple").ToArray();

        Assert.That(cases, Has.Length.EqualTo(2));
        foreach (var one in cases)
        {
            var given = one.GetProperty("given");
            Assert.That(
                FormulaOf("burn_multiple", metric => metric switch
                {
                    "cash_out" => given.GetProperty("net_burn").GetDecimal(),
                    "cash_in" => 0,
                    "net_new_mrr" => given.GetProperty("net_new_arr").GetDecimal() / 12,
                    _ => null,
                }),
                Is.EqualTo(one.GetProperty("expected").GetProperty("burn_multiple").GetDecimal()).Within(1e-12m));
        }
    }

    [Test]
    public void An_account_that_is_not_in_the_chart_and_a_foreign_currency_are_left_out_and_named()
    {
        var figures = Of([Entry("4100", "2026-01-01", 100), Entry("9999", "2026-01-01", 7),
            Entry("4100", "2026-01-01", 5, currency: "GBP")]);

        Assert.That(figures.At("revenue_actual", "2026-01-01", Grain.Month), Is.EqualTo(100));
        Assert.That(figures.Warnings, Is.EqualTo((string[])["foreign_currency 1 left out", "unknown_account 1 left out"]));
        Assert.That(figures.Result.Warnings[1].Examples.Single(), Is.EqualTo(new WarnedRow("test/test", "1", "account '9999'")));
    }

    [Test]
    public void A_metric_of_one_account_or_another_scenario_is_declared_by_what_it_chooses()
    {
        Metric Own(string id, string measure, params (string, string)[] with) => new()
        {
            Id = id, Name = id, Unit = Unit.Currency, Model = "finance." + measure, NativeGrain = Grain.Month,
            With = with.ToDictionary(pair => pair.Item1, pair => pair.Item2),
        };

        var figures = Of([Entry("4000", "2026-01-01", -900), Entry("4100", "2026-01-01", 100),
            Entry("4100", "2026-01-01", 80, "board plan")],
            [Own("services", "actual", ("account", "4100")), Own("plan", "amount", ("group", "revenue"), ("scenario", "board plan"))]);

        Assert.That((figures.At("services", "2026-01-01", Grain.Month), figures.At("plan", "2026-01-01", Grain.Month)),
            Is.EqualTo((100m, 80m)));
    }

    [Test]
    public async Task Months_roll_up_to_the_quarter_and_year_to_date_of_the_fiscal_calendar()
    {
        using var company = new Company("metrics: []", calendar: Some.Calendar(fiscalYearStarts: 4));
        var entries = Enumerable.Range(0, 12).SelectMany(i => new[]
        {
            Entry("4100", $"{new DateOnly(2025, 10, 1).AddMonths(i):yyyy-MM-dd}", 100 + i),
                Entry("1200", $"{new DateOnly(2025, 10, 1).AddMonths(i):yyyy-MM-dd}", 1000 + i),
        });
        var run = new FinanceModel().Start(new ModelContext(company.Calendar, BuiltIn, Some.Day("2026-09-01")) { Accounts = Accounts });
        foreach (var record in Company.Records(entries))
            run.Add(record);
        var result = run.Finish();
        await company.WriteAsync([.. result.Outputs.SelectMany(output => output.Series)]);
        await company.KnownAsync("2025-10-01", "2026-09-01", "revenue_actual", "cash_balance");

        var august = Some.Day("2026-08-31");
        Assert.That(await FiguresAsync("revenue_actual"), Is.EqualTo(new decimal?[] { 110, 110 + 109, 110 + 109 + 108 + 107 + 106 }));
        Assert.That(await FiguresAsync("cash_balance"), Is.EqualTo(new decimal?[] { 1010, 1010, 1010 }));
        Assert.That((await company.TotalAsync("revenue_actual", Grain.Year,
            [company.Calendar.Containing(Grain.Year, Some.Day("2026-03-31"))]))[0],
            Has.Property("Value").EqualTo(100 + 101 + 102 + 103 + 104 + 105).And.Property("Complete").False,
                "the books begin inside of that year");

        async Task<decimal?[]> FiguresAsync(string metric)
        {
            var values = new List<decimal?>();
            foreach (var grain in (Grain[])[Grain.Month, Grain.Quarter, Grain.Year])
            {
                var toDate = (await company.TotalAsync(metric, grain, [company.Calendar.ToDate(grain, august)]))[0];
                Assert.That(toDate.Complete, Is.True, $"{metric} {grain}");
                values.Add(toDate.Value);
            }

            return [.. values];
        }
    }

    [TestCase("accounts:\n  - { id: a, group: revenue }\n  - { id: a, group: cogs }\n", "accounts.yaml:3: account 'a' is there twice.")]
    [TestCase("accounts:\n  - { id: a, group: sales }\n", "accounts.yaml:2: 'group' must be one of")]
    [TestCase("accounts:\n  - { id: a, group: revenue, sign: 2 }\n", "accounts.yaml:2: 'sign' must be one of 1, -1, not '2'")]
    public void A_chart_at_fault_is_told_where(string yaml, string fault)
    {
        var faults = new List<Fault>();
        ChartOfAccounts.Read(yaml, faults);
        Assert.That(faults.Single().ToString(), Does.StartWith(fault));
    }

    internal static ChartOfAccounts Accounts { get; } = ChartOfAccounts.Read(Chart, []);

    internal static object Entry(string account, string at, decimal amount, string? scenario = null, string? currency = null)
    {
        var body = new Dictionary<string, object> { ["account"] = account, ["at"] = at, ["amount"] = amount };
        if (scenario is not null)
            body["scenario"] = scenario;
        if (currency is not null)
            body["currency"] = currency;
        return body;
    }

    private static ModelFigures Of(IEnumerable<object> bodies, IReadOnlyList<Metric>? metrics = null) => new(
        new FinanceModel(), metrics ?? BuiltIn, bodies,
            new ModelContext(Some.Calendar(), [], Some.Day("2027-01-01")) { Accounts = Accounts });

    private static decimal? FormulaOf(string id, Func<string, decimal?> valueOf) =>
        Catalog[id].Formula!.Evaluate(operand => Catalog[operand].Formula is null || valueOf(operand) is not null ? valueOf(operand)
            : FormulaOf(operand, valueOf));
}
