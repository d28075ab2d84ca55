using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Finance;

/// <summary>What a line of the statement is.</summary>
public enum StatementLineKind
{
    /// <summary>A group of accounts.</summary>
    Group,

    /// <summary>What is left after the lines above it.</summary>
    Subtotal,

    /// <summary>A subtotal as a share of revenue.</summary>
    Margin,
}

/// <summary>The same figure in four books; null where a book has nothing of it.</summary>
public sealed record StatementAmounts(decimal? Actual, decimal? Budget, decimal? Forecast, decimal? PriorYear)
{
    /// <summary>Actual less budget, in the unit of the line; null where one is missing.</summary>
    public decimal? ToBudget => Actual - Budget;

    /// <summary>Actual less the year before.</summary>
    public decimal? ToPriorYear => Actual - PriorYear;

    /// <summary>The difference as a share of what it is compared with, whose sign does not matter (KPIS §1.1); null of 0.</summary>
    public static decimal? Share(decimal? difference, decimal? basis) => basis is null or 0 ? null : difference / Math.Abs(basis.Value);

    internal StatementAmounts Combine(StatementAmounts other, Func<decimal, decimal, decimal> how) => new(
        Both(Actual, other.Actual, how), Both(Budget, other.Budget, how), Both(Forecast, other.Forecast, how), Both(PriorYear, other.PriorYear, how));

    private static decimal? Both(decimal? one, decimal? two, Func<decimal, decimal, decimal> how) => one is { } a && two is { } b ? how(a, b) : null;
}

/// <summary>A line of the statement.</summary>
/// <param name="Id">The group, or the name of the subtotal: <c>gross_profit</c>.</param>
/// <param name="Direction">Up where more is better, down for costs.</param>
/// <param name="Accounts">What a group is made of, in the order of the chart of accounts; empty for other lines.</param>
public sealed record StatementLine(
    string Id, string Name, StatementLineKind Kind, Direction Direction, StatementAmounts Amounts, IReadOnlyList<StatementLine> Accounts)
{
    /// <summary>Whether a difference is good news: 1, 0 where there is none, or -1 as where more was spent than planned.</summary>
    public int Favorable(decimal? difference) => Direction == Direction.Down ? -Math.Sign(difference ?? 0) : Math.Sign(difference ?? 0);
}

/// <summary>
/// The profit and loss of a run of months: groups of accounts with subtotals between them. Amounts are exact: each subtotal is the one
/// before it less the groups between, to the last digit.
/// </summary>
/// <param name="Months">The months that it covers.</param>
/// <param name="PriorMonths">The same months of the year before.</param>
public sealed record ProfitAndLoss(Period Months, Period PriorMonths, IReadOnlyList<StatementLine> Lines)
{
    private const string Budget = "budget";
    private const string Forecast = "forecast";
    private const string Revenue = "revenue";

    // Costs are positive; what is earned outside of the business is a cost of less than nothing.
    private static readonly Step[] Steps =
    [
        new(Revenue, "Revenue", []),
        new("gross_profit", "Gross profit", [("cogs", "Cost of revenue")], "Gross margin"),
        new("ebitda", "EBITDA",
            [
                ("sales_marketing", "Sales and marketing"), ("research", "Research and development"), ("general", "General and administration"),
                ("other_operating", "Other operating expenses"),
            ], "EBITDA margin"),
        new("operating_income", "Operating result", [("depreciation", "Depreciation and amortization")], "Operating margin"),
        new("net_income", "Net result", [("other", "Other expenses less income"), ("tax", "Taxes on income")], "Net margin"),
    ];

    private static readonly string[] Groups = [Revenue, .. Steps.SelectMany(step => step.Costs).Select(cost => cost.Group)];

    /// <summary>Whether a scenario has anything of these months.</summary>
    public bool HasBudget => Line(Revenue).Amounts.Budget is not null;

    public bool HasForecast => Line(Revenue).Amounts.Forecast is not null;

    public bool HasPriorYear => Line(Revenue).Amounts.PriorYear is not null;

    public bool HasActual => Line(Revenue).Amounts.Actual is not null;

    public StatementLine Line(string id) => Lines.First(line => line.Id == id);

    /// <summary>Whether an account is a part of the profit and loss, as cash and headcount are not.</summary>
    public static bool Has(LedgerAccount account) => Groups.Contains(account.Group);

    /// <summary>The statement of some months. A book without a single entry of them has nothing of any line; in one that has, what is missing is 0.</summary>
    /// <param name="months">Whole months.</param>
    /// <param name="priorMonths">The months of the year before; their figures are missing where the actuals begin later.</param>
    public static ProfitAndLoss Of(LedgerBook book, ChartOfAccounts accounts, Period months, Period priorMonths)
    {
        LedgerAccount[] all = [.. accounts.Accounts.Where(Has)];
        var (actual, budget, forecast) = (IsIn(LedgerEntry.Actual, months), IsIn(Budget, months), IsIn(Forecast, months));
        var prior = book.FirstActual <= priorMonths.Start && IsIn(LedgerEntry.Actual, priorMonths);

        var lines = new List<StatementLine>();
        var rest = GroupOf(Revenue, "Revenue", Direction.Up);
        var revenue = rest.Amounts;
        lines.Add(rest);
        foreach (var step in Steps.Skip(1))
        {
            foreach (var (group, name) in step.Costs)
            {
                var cost = GroupOf(group, name, Direction.Down);
                rest = rest with { Amounts = rest.Amounts.Combine(cost.Amounts, (left, spent) => left - spent) };
                if (cost.Accounts.Count > 0)
                    lines.Add(cost);
            }

            rest = new StatementLine(step.Id, step.Name, StatementLineKind.Subtotal, Direction.Up, rest.Amounts, []);
            lines.Add(rest);
            lines.Add(new StatementLine(
                step.Id + "_margin", step.Margin, StatementLineKind.Margin, Direction.Up,
                new(Of(rest.Amounts.Actual, revenue.Actual), Of(rest.Amounts.Budget, revenue.Budget), Of(rest.Amounts.Forecast, revenue.Forecast),
                    Of(rest.Amounts.PriorYear, revenue.PriorYear)), []));
        }

        return new ProfitAndLoss(months, priorMonths, lines);

        bool IsIn(string scenario, Period period) => all.Any(account => book.Amount(scenario, account.Id, period) is not null);

        StatementLine GroupOf(string group, string name, Direction direction)
        {
            StatementLine[] own =
            [
                .. all.Where(account => account.Group == group).Select(account => new StatementLine(
                    account.Id, account.Name, StatementLineKind.Group, direction,
                    new(book.Amount(LedgerEntry.Actual, account.Id, months), book.Amount(Budget, account.Id, months),
                        book.Amount(Forecast, account.Id, months), prior ? book.Amount(LedgerEntry.Actual, account.Id, priorMonths) : null), []))
                .Where(line => line.Amounts != new StatementAmounts(null, null, null, null)),
            ];
            return new StatementLine(group, name, StatementLineKind.Group, direction, new(
                Sum(actual, amounts => amounts.Actual), Sum(budget, amounts => amounts.Budget), Sum(forecast, amounts => amounts.Forecast),
                Sum(prior, amounts => amounts.PriorYear)), own);

            decimal? Sum(bool isKnown, Func<StatementAmounts, decimal?> book) => isKnown ? own.Sum(line => book(line.Amounts) ?? 0) : null;
        }

        static decimal? Of(decimal? part, decimal? whole) => whole is null or 0 ? null : part / whole;
    }

    private sealed record Step(string Id, string Name, IReadOnlyList<(string Group, string Name)> Costs, string Margin = "");
}
