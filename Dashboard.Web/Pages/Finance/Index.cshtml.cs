using Dashboard.Web.Pages.Metrics;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Models.Finance;
using Metrics.Core.Periods;
using Metrics.Core.Records.RecordTypes;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Finance;

/// <summary>The profit and loss of a month, a quarter or the year so far.</summary>
public sealed class IndexModel(LiveDefinition live, ProfitAndLossReader statements) : PageModel
{
    public StatementAddress Address { get; private set; } = null!;

    /// <summary>Null where the books have no actual.</summary>
    public StatementReading? Reading { get; private set; }

    public ProfitAndLoss Statement => Reading!.Statement;

    public IReadOnlyList<StatementRow> Rows { get; private set; } = [];

    /// <summary>The largest difference to the budget, which gives the bars their scale.</summary>
    public decimal Most { get; private set; }

    /// <summary>The name of what is shown: "Oct 2026", "2026 to Oct".</summary>
    public string Label { get; private set; } = "";

    public string PriorLabel { get; private set; } = "";

    public string Currency { get; private set; } = "";

    public bool HasAccounts { get; private set; }

    public bool HasLedger { get; private set; }

    private Grain Grain => ProfitAndLossReader.GrainOf(Address.Span);

    /// <summary>The name of the month or quarter for the stepper.</summary>
    public string PeriodName => live.Current.Calendar.Label(Grain, Reading!.Period);

    public string LastDay => $"{Reading!.Period.LastDay:yyyy-MM-dd}";

    /// <summary>The books of a company: the streams of ledger entries and the chart of accounts.</summary>
    internal static Books BooksOf(CompanyDefinition company) => new(
        company.Calendar, company.Catalog, company.Accounts,
        [.. company.Sources.SelectMany(source => source.Streams).Where(stream => stream.Mapping.Type.Name == LedgerEntry.Type.Name).Select(stream => stream.Id)]);

    /// <summary>The same of another month or quarter.</summary>
    public StatementAddress At(int steps) =>
        Address with { Period = live.Current.Calendar.Key(Grain, live.Current.Calendar.Shift(Grain, Reading!.Period, steps)) };

    /// <summary>The same months in another span.</summary>
    public StatementAddress As(StatementSpan span)
    {
        var (calendar, grain) = (live.Current.Calendar, ProfitAndLossReader.GrainOf(span));
        return Address with { Span = span, Period = Reading is null ? null : calendar.Key(grain, calendar.Containing(grain, Reading.Period.LastDay)) };
    }

    /// <summary>The records behind an actual of a group; null where no metric of the catalog has them.</summary>
    public string? WorkingOf(StatementRow row) =>
        Address.Span != StatementSpan.YearToDate && row is { Level: 0, Line: { Kind: StatementLineKind.Group, Amounts.Actual: not null } line }
        && live.Current.Catalog.TryGet(line.Id + "_actual", out var metric) && metric.Model is not null
            ? WorkingAddress.For(metric.Id, Grain, live.Current.Calendar.Key(Grain, Reading!.Period), [])
            : null;

    /// <summary>What the statement says, as a sentence.</summary>
    public string Message
    {
        get
        {
            var net = Rows.First(row => row.Line.Id == "net_income");
            string[] compared = [.. ((string?[])[net.Sentence(net.ToBudget, "budget"), net.Sentence(net.ToPriorYear, "the year before")]).OfType<string>()];
            return $"Net result: {net.Money.Compact(net.Line.Amounts.Actual)} in {Label}{(compared.Length == 0 ? "" : ", " + string.Join(" and ", compared))}.";
        }
    }

    public async Task<IActionResult> OnGetAsync(string? view, string? period, string? open, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (!StatementAddress.TryRead(company.Calendar, view, period, open, out var address, out var asked, out var fault))
            return this.NotFoundBecause(fault);

        var books = BooksOf(company);
        (Address, Currency, HasAccounts, HasLedger) = (address, company.Calendar.Settings.Currency, !company.Accounts.IsEmpty, books.Streams.Count > 0);
        Reading = await statements.ReadAsync(books, address.Span, asked, cancellationToken);
        if (Reading is null)
            return Page();

        Address = address with { Period = company.Calendar.Key(Grain, Reading.Period) };
        (Label, PriorLabel) = (LabelOf(Reading.Period), LabelOf(company.Calendar.YearAgo(Grain, Reading.Period)));
        var money = new ValueFormat(Unit.Currency, Currency);
        Rows =
        [
            .. Statement.Lines.SelectMany(line => Address.IsOpen(line.Id)
                ? line.Accounts.Select(account => Row(account, 1)).Prepend(Row(line, 0))
                : [Row(line, 0)]),
        ];
        Most = Rows.Where(row => !row.IsMargin).Select(row => Math.Abs(row.ToBudget ?? 0)).DefaultIfEmpty().Max();
        return Page();

        StatementRow Row(StatementLine line, int level) => new(line, level, Reading.Complete, money);
    }

    private string LabelOf(Period period)
    {
        var calendar = live.Current.Calendar;
        return Address.Span == StatementSpan.YearToDate
            ? $"{calendar.Label(Grain.Year, calendar.Containing(Grain.Year, period.Start))} to {calendar.Label(Grain.Month, period).Split(' ')[0]}"
            : calendar.Label(Grain, period);
    }
}
