using Metrics.Core.Catalog;
using Metrics.Core.Models.Finance;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Series;

namespace Metrics.Core.Boards;

/// <summary>Over which months a statement goes.</summary>
public enum StatementSpan
{
    Month,
    Quarter,

    /// <summary>From the first month of the fiscal year to a month, included.</summary>
    YearToDate,
}

/// <summary>The books of a company: where their entries come from and what its accounts are.</summary>
public sealed record Books(ReportingCalendar Calendar, MetricCatalog Catalog, ChartOfAccounts Accounts, IReadOnlyCollection<StreamId> Streams);

/// <summary>The profit and loss of a span with everything one has to know before comparing it.</summary>
/// <param name="Period">The month or quarter that the span ends with.</param>
/// <param name="Complete">Whether the sources have passed the last of its months; only then it is compared.</param>
/// <param name="LeftOut">How many ledger entries no statement has, because their account or currency is not known.</param>
public sealed record StatementReading(
    ProfitAndLoss Statement, StatementSpan Span, Period Period, bool Complete, bool HasEarlier, bool HasLater, int LeftOut);

/// <summary>Reads the profit and loss from the ledger entries of all scenarios; the books are kept while no entry is appended.</summary>
public sealed class ProfitAndLossReader(IRecordStore records, KnownDays knownDays)
{
    private const string Revenue = "revenue_actual";

    private volatile Kept? _kept;

    /// <summary>The statement of a span; null where the books have no actual.</summary>
    /// <param name="asked">The month or quarter; null for the newest that is complete, or else the newest with an actual.</param>
    public async Task<StatementReading?> ReadAsync(Books books, StatementSpan span, Period? asked, CancellationToken cancellationToken)
    {
        var calendar = books.Calendar;
        var book = await BookAsync(books, cancellationToken);
        if (book is not { FirstActual: { } first, LastActual: { } last })
            return null;

        var grain = GrainOf(span);
        var known = await KnownBeforeAsync(books, cancellationToken) ?? calendar.Containing(Grain.Month, last).End;
        var newest = calendar.Containing(grain, last);
        var complete = calendar.Containing(grain, known.AddDays(-1)) is var holding && holding.End <= known ? holding : calendar.Previous(grain, holding);
        var period = asked ?? (complete.Start < calendar.Containing(grain, first).Start || complete.Start > newest.Start ? newest : complete);
        var months = span == StatementSpan.YearToDate ? new Period(calendar.Containing(Grain.Year, period.Start).Start, period.End) : period;
        var ago = calendar.YearAgo(grain, period);
        var prior = span == StatementSpan.YearToDate ? new Period(calendar.Containing(Grain.Year, ago.Start).Start, ago.End) : ago;
        return new StatementReading(
            ProfitAndLoss.Of(book, books.Accounts, months, prior), span, period, period.End <= known && months.Start >= first,
            period.Start > first, period.Start < newest.Start, book.LeftOut);
    }

    /// <summary>The grain in which a span is stepped.</summary>
    public static Grain GrainOf(StatementSpan span) => span == StatementSpan.Quarter ? Grain.Quarter : Grain.Month;

    private async Task<DateOnly?> KnownBeforeAsync(Books books, CancellationToken cancellationToken) =>
        books.Catalog.TryGet(Revenue, out var revenue)
            ? (await knownDays.ReadAsync(books.Calendar, books.Catalog, revenue, Grain.Month, null, cancellationToken))?.End
            : null;

    private async Task<LedgerBook?> BookAsync(Books books, CancellationToken cancellationToken)
    {
        if (books.Streams.Count == 0 || books.Accounts.IsEmpty)
            return null;

        var about = $"{books.Accounts}|{books.Calendar.Settings}|{string.Join(',', books.Streams)}";
        var version = await records.NewestVersionAsync(books.Streams, cancellationToken);
        if (_kept is { } kept && kept.Version == version && kept.About == about)
            return kept.Book;

        var book = await LedgerBook.ReadAsync(records.ReadAsync(books.Streams, cancellationToken), books.Calendar, books.Accounts, cancellationToken);
        _kept = new Kept(about, version, book);
        return book;
    }

    private sealed record Kept(string About, long Version, LedgerBook Book);
}
