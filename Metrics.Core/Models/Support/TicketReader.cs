using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Support;

/// <summary>A ticket in local days, with the waits that can be measured.</summary>
/// <param name="Resolved">The local day of its resolution; null while it is open.</param>
/// <param name="IsOpenEnded">Whether its resolution contradicts its creation, so that nobody knows when it was open.</param>
internal sealed record ReadTicket(
    Ticket Ticket, DateOnly Created, DateOnly? Resolved, bool IsOpenEnded, TimeSpan? ToResponse, TimeSpan? ToResolution, bool IsUnanswered);

/// <summary>Reads tickets: days in the workspace's zone, and waits by the clock or by business hours.</summary>
/// <param name="business">Measures waits in business hours; null for every hour of the day.</param>
internal sealed class TicketReader(ReportingCalendar calendar, BusinessClock? business)
{
    private readonly DayMemory _days = new(calendar);

    public ReadTicket Read(StoredRecord record, WarningLog? warnings)
    {
        var ticket = Ticket.From(record.Body);
        var created = ticket.At.Day(_days.DayOf);
        var resolved = ticket.Resolved?.Day(_days.DayOf);
        var answeredBefore = IsBefore(ticket.FirstResponse, ticket.At);
        var resolvedBefore = IsBefore(ticket.Resolved, ticket.At);
        if (answeredBefore)
        {
            warnings?.Note("response_before_creation",
                "{0} tickets were answered before they were created; their response times are left out.",
                true, record, $"created {InWords(ticket.At)}, answered {InWords(ticket.FirstResponse!.Value)}");
        }

        if (resolvedBefore)
        {
            warnings?.Note("resolved_before_creation", "{0} tickets were resolved before they were created; they count as created alone.",
                true, record, $"created {InWords(ticket.At)}, resolved {InWords(ticket.Resolved!.Value)}");
        }

        if ((ticket.At.Instant is null && (ticket.FirstResponse ?? ticket.Resolved) is not null)
            || ticket.FirstResponse is { Instant: null } || ticket.Resolved is { Instant: null })
        {
            warnings?.Note("no_time_of_day", "{0} tickets have a date without a time of day; how long they waited is left out.",
                true, record, $"created {InWords(ticket.At)}");
        }

        return new ReadTicket(
            ticket, created, resolvedBefore ? null : resolved, resolvedBefore,
            answeredBefore ? null : Wait(ticket.At, ticket.FirstResponse), resolvedBefore ? null : Wait(ticket.At, ticket.Resolved),
            ticket.FirstResponse is null && ticket.Resolved is null);
    }

    private bool IsBefore(RecordMoment? moment, RecordMoment created) => (moment, created) switch
    {
        (null, _) => false,
        ({ Instant: { } then }, { Instant: { } from }) => then < from,
        var (then, from) => then!.Value.Day(_days.DayOf) < from.Day(_days.DayOf),
    };

    private TimeSpan? Wait(RecordMoment from, RecordMoment? to) =>
        from.Instant is { } start && to?.Instant is { } end ? business?.Between(start, end) ?? end - start : null;

    private static string InWords(RecordMoment moment) =>
        moment.Date is { } day ? FormattableString.Invariant($"{day:yyyy-MM-dd}")
            : FormattableString.Invariant($"{moment.Instant:yyyy-MM-dd HH:mm:ss'Z'}");
}
