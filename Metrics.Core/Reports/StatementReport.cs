using Metrics.Core.Models.Finance;

namespace Metrics.Core.Reports;

/// <summary>A profit and loss as a table: a row for each line and each of its accounts, in full precision, so that it adds up.</summary>
public static class StatementReport
{
    public static ReportTable Of(ProfitAndLoss statement, bool compares) => new(
        "profit and loss",
        [
            new("line", ColumnKind.Text), new("account", ColumnKind.Text), new("name", ColumnKind.Text), new("kind", ColumnKind.Text),
            new("from", ColumnKind.Date), new("through", ColumnKind.Date), new("actual", ColumnKind.Number), new("budget", ColumnKind.Number),
            new("forecast", ColumnKind.Number), new("prior_year", ColumnKind.Number), new("to_budget", ColumnKind.Number),
            new("to_budget_share", ColumnKind.Number), new("to_prior_year", ColumnKind.Number), new("to_prior_year_share", ColumnKind.Number),
            new("complete", ColumnKind.Flag),
        ],
        [
            .. statement.Lines.SelectMany(line => line.Accounts.Select(account => Row(statement, line, account, compares)).Prepend(Row(statement, line, null, compares))),
        ]);

    private static IReadOnlyList<object?> Row(ProfitAndLoss statement, StatementLine line, StatementLine? account, bool compares)
    {
        var amounts = (account ?? line).Amounts;
        var (budget, prior) = compares ? (amounts.ToBudget, amounts.ToPriorYear) : (null, null);
        var shares = line.Kind != StatementLineKind.Margin;
        return
        [
            line.Id, account?.Id, (account ?? line).Name, account is null ? NameOf(line.Kind) : "account", statement.Months.Start, statement.Months.LastDay,
            amounts.Actual, amounts.Budget, amounts.Forecast, amounts.PriorYear, budget, shares ? StatementAmounts.Share(budget, amounts.Budget) : null,
            prior, shares ? StatementAmounts.Share(prior, amounts.PriorYear) : null, compares,
        ];
    }

    private static string NameOf(StatementLineKind kind) => kind switch
    {
        StatementLineKind.Subtotal => "subtotal",
        StatementLineKind.Margin => "margin",
        _ => "group",
    };
}
