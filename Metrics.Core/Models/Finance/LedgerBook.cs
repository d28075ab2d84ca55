using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Finance;

/// <summary>
/// What the accounts of the books come to by month and scenario, with the sign of each account, so that revenue and costs are positive.
/// It leaves out what the finance model leaves out: accounts that nobody named, and entries in another currency.
/// </summary>
public sealed class LedgerBook
{
    private readonly Dictionary<(string Scenario, string Account), SortedDictionary<DateOnly, decimal>> _amounts = [];

    private LedgerBook()
    {
    }

    /// <summary>The first month with an actual of the profit and loss; null where there is none.</summary>
    public DateOnly? FirstActual { get; private set; }

    /// <summary>The first day of the newest month with an actual of the profit and loss.</summary>
    public DateOnly? LastActual { get; private set; }

    /// <summary>How many entries were left out.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Reads the entries of all scenarios.</summary>
    public static async Task<LedgerBook> ReadAsync(
        IAsyncEnumerable<StoredRecord> entries, ReportingCalendar calendar, ChartOfAccounts accounts, CancellationToken cancellationToken)
    {
        var book = new LedgerBook();
        await foreach (var record in entries.WithCancellation(cancellationToken))
            book.Add(LedgerEntry.From(record.Body), calendar, accounts);
        return book;
    }

    /// <summary>What an account comes to in a run of whole months; null where it has no entry in them.</summary>
    public decimal? Amount(string scenario, string account, Period months)
    {
        if (!_amounts.TryGetValue((scenario, account), out var byMonth))
            return null;

        decimal? sum = null;
        foreach (var (month, amount) in byMonth)
        {
            if (month >= months.Start && month < months.End)
                sum = (sum ?? 0) + amount;
        }

        return sum;
    }

    private void Add(LedgerEntry entry, ReportingCalendar calendar, ChartOfAccounts accounts)
    {
        if (accounts.Find(entry.Account) is not { } account
            || (entry.Currency is { } own && !string.Equals(own, calendar.Settings.Currency, StringComparison.OrdinalIgnoreCase)))
        {
            LeftOut++;
            return;
        }

        var month = calendar.Containing(Grain.Month, entry.At.Day(calendar.DayOf)).Start;
        var scenario = entry.Scenario.ToLowerInvariant();
        if (!_amounts.TryGetValue((scenario, account.Id), out var byMonth))
            _amounts[(scenario, account.Id)] = byMonth = [];
        byMonth[month] = byMonth.GetValueOrDefault(month) + account.Sign * entry.Amount;
        if (scenario == LedgerEntry.Actual && ProfitAndLoss.Has(account))
        {
            FirstActual = FirstActual is { } first && first < month ? first : month;
            LastActual = LastActual is { } last && last > month ? last : month;
        }
    }
}
