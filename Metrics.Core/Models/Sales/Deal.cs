using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Sales;

/// <summary>A deal that can be counted.</summary>
/// <param name="IsDated">Whether its days fit together; else it counts as created alone.</param>
internal sealed record Deal(Opportunity Opportunity, DateOnly Created, bool IsDated)
{
    public decimal Amount => Opportunity.Amount ?? 0;

    public DateOnly? Closed => Opportunity.Closed;

    /// <summary>Seconds in the days from its creation to its end; null while it is open.</summary>
    public decimal? Cycle => IsDated && Closed is { } closed ? 86_400m * (closed.DayNumber - Created.DayNumber) : null;

    /// <summary>Whether it is open at the end of a day.</summary>
    public bool IsOpenOn(DateOnly day) => IsDated && Created <= day && (Closed is not { } closed || day < closed);

    /// <summary>The deal of a record; null where it cannot be counted, which the warnings say.</summary>
    public static Deal? Read(StoredRecord record, ReportingCalendar calendar, WarningLog? warnings)
    {
        var deal = Opportunity.From(record.Body);
        var currency = calendar.Settings.Currency;
        if (deal.Currency is { } own && !string.Equals(own, currency, StringComparison.OrdinalIgnoreCase))
        {
            warnings?.Note("foreign_currency", $"{{0}} deals are not in {currency}, the reporting currency, and left out.", true, record,
                $"{deal.Amount} {own}");
            return null;
        }

        var created = deal.At.Day(calendar.DayOf);
        var isDated = deal.Closed is not { } closed || closed >= created;
        if (!isDated)
        {
            warnings?.Note("closed_before_creation", "{0} deals were closed before they were created; they count as created alone.",
                true, record, FormattableString.Invariant($"created {created:yyyy-MM-dd}, closed {deal.Closed:yyyy-MM-dd}"));
        }

        if (deal.Closed is null && deal.Won is not null)
        {
            isDated = false;
            warnings?.Note("closed_without_day", "{0} deals are won or lost, but nobody says when; they count as created alone.", true,
                record, $"stage '{deal.Stage}'");
        }
        else if (deal.Closed is not null && deal.Won is null)
        {
            warnings?.Note("closed_without_outcome",
                "{0} deals are closed, but nobody says whether they were won; they are neither won nor lost.",
                true, record, $"stage '{deal.Stage}'");
        }

        return new Deal(deal, created, isDated);
    }
}
