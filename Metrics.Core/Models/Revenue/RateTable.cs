using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Revenue;

/// <summary>The exchange rates that are known: a rate holds from its day until the next one of its currency.</summary>
internal sealed class RateTable(ReportingCalendar calendar)
{
    private readonly Dictionary<string, SortedDictionary<int, (decimal Rate, long Version)>> _rates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int[] Days, decimal[] Rates)> _sorted = new(StringComparer.Ordinal);

    /// <summary>Whether there is a rate of any currency.</summary>
    public bool Any => _rates.Count > 0;

    /// <summary>Of two rates of a day the one that was learned last counts, and the other is told.</summary>
    public void Add(StoredRecord record, WarningLog warnings)
    {
        var rate = ExchangeRate.From(record.Body);
        var currency = rate.Currency.ToUpperInvariant();
        if (!_rates.TryGetValue(currency, out var days))
            _rates[currency] = days = [];

        var day = rate.At.Day(calendar.DayOf).DayNumber;
        if (days.TryGetValue(day, out var other) && other.Rate != rate.Rate)
            warnings.Note("two_rates", "{0} exchange rates have another one of the same day; the one learned last counts.", leftOut: false, record, $"{currency} {rate.Rate}");
        if (other.Version <= record.Version)
            days[day] = (rate.Rate, record.Version);
    }

    /// <summary>The days on which a currency gets a rate, oldest first, with the rates; empty where it has none.</summary>
    public (int[] Days, decimal[] Rates) Of(string currency)
    {
        if (_sorted.TryGetValue(currency, out var known))
            return known;
        var days = _rates.GetValueOrDefault(currency) ?? [];
        return _sorted[currency] = ([.. days.Keys], [.. days.Values.Select(rate => rate.Rate)]);
    }

    /// <summary>The rate that holds on a day; null before the first.</summary>
    public static decimal? At((int[] Days, decimal[] Rates) rates, int day)
    {
        var at = Array.BinarySearch(rates.Days, day);
        if (at < 0)
            at = ~at - 1;
        return at < 0 ? null : rates.Rates[at];
    }
}
