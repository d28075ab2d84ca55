using System.Diagnostics.CodeAnalysis;
using Metrics.Core.Boards;
using Metrics.Core.Periods;

namespace Dashboard.Web.Pages.Finance;

/// <summary>Which statement is asked for, as its address says it: <c>?view=ytd&amp;period=2026-10&amp;open=revenue,cogs</c>.</summary>
/// <param name="Period">The month or quarter; null for the newest.</param>
/// <param name="Open">The groups whose accounts are shown.</param>
public sealed record StatementAddress(StatementSpan Span, string? Period, IReadOnlyList<string> Open)
{
    public const string Path = "/finance";

    /// <summary>The spans with the word of the address and the one for people.</summary>
    public static IReadOnlyList<(StatementSpan Span, string Word, string Name)> Spans { get; } =
        [(StatementSpan.Month, "month", "Month"), (StatementSpan.Quarter, "quarter", "Quarter"), (StatementSpan.YearToDate, "ytd", "Year to date")];

    public bool IsOpen(string group) => Open.Contains(group, StringComparer.Ordinal);

    /// <summary>The same statement with the accounts of a group shown, or hidden where they are.</summary>
    public StatementAddress Toggled(string group) => this with { Open = IsOpen(group) ? [.. Open.Where(one => one != group)] : [.. Open, group] };

    /// <param name="ending">Empty for the page, <c>.csv</c> for its file.</param>
    public string Write(string ending = "")
    {
        string[] parts =
        [
            "view=" + Spans.First(one => one.Span == Span).Word,
            .. Period is null ? (string[])[] : ["period=" + Uri.EscapeDataString(Period)],
            .. Open.Count == 0 || ending.Length > 0 ? (string[])[] : ["open=" + Uri.EscapeDataString(string.Join(',', Open))],
        ];
        return $"{Path}{ending}?{string.Join('&', parts)}";
    }

    /// <summary>Reads what a request names; false with the reason where it names nothing.</summary>
    public static bool TryRead(
        ReportingCalendar calendar, string? view, string? period, string? open,
        [NotNullWhen(true)] out StatementAddress? address, out Period? found, [NotNullWhen(false)] out string? fault)
    {
        (address, found, fault) = (null, null, null);
        var word = string.IsNullOrEmpty(view) ? Spans[0].Word : view;
        if (Spans.FirstOrDefault(one => one.Word == word) is not { Word: not null } span)
        {
            fault = $"'{view}' is no span of a statement. Use month, quarter or ytd.";
            return false;
        }

        // A month names its quarter too, and a day its month: whoever switches the span stays where they are.
        var grain = ProfitAndLossReader.GrainOf(span.Span);
        if (!string.IsNullOrEmpty(period))
        {
            if (!calendar.TryParse(period, out _, out var named))
            {
                fault = $"'{period}' is no month and no quarter of the calendar.";
                return false;
            }

            found = calendar.Containing(grain, named.LastDay);
        }

        address = new StatementAddress(
            span.Span, found is null ? null : calendar.Key(grain, found),
            [.. (open ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).Take(50)]);
        return true;
    }
}
