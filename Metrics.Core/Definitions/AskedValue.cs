using System.Diagnostics.CodeAnalysis;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Definitions;

/// <summary>One value of a metric, as somebody names it: a period, and a segment for anything but the total.</summary>
/// <param name="Key">The period as addresses spell it.</param>
/// <param name="Filter">One value for each of some dimensions; empty for the total.</param>
public sealed record AskedValue(Metric Metric, Grain Grain, Period Period, string Key, IReadOnlyDictionary<string, string> Filter)
{
    /// <summary>Reads a period, whose grain follows from its form where none is said, and the dimensions; false with the reason.</summary>
    /// <param name="period">Such as 2026-W46, 2026-10, 2026-Q3 or 2026; a date is the day, or the period of the grain that holds it.</param>
    public static bool TryRead(
        CompanyDefinition company, Metric metric, string? grain, string? period, IEnumerable<KeyValuePair<string, string>> dimensions,
        [NotNullWhen(true)] out AskedValue? value, [NotNullWhen(false)] out string? fault)
    {
        (value, fault) = (null, null);
        var known = company.Catalog.DimensionsOf(metric);
        var filter = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, wanted) in dimensions)
        {
            if (!known.Contains(name))
                fault ??= $"'{metric.Id}' is not stored by '{name}'. "
                    + (known.Count == 0 ? "It has no dimensions." : $"Its dimensions are {string.Join(", ", known)}.");
            else if (!filter.TryAdd(name, wanted))
                fault ??= $"'{name}' is asked for twice; a value is of one segment.";
        }

        if (fault is not null)
            return false;

        var (by, days) = (Grain.Day, (Period?)null);
        if (string.IsNullOrEmpty(grain) ? !company.Calendar.TryParse(period, out by, out days) : GrainNames.TryParse(grain) is null)
            fault = string.IsNullOrEmpty(grain)
                ? $"'{period}' is no period of the calendar. Use one such as 2026-W46, 2026-10, 2026-Q3, 2026 or 2026-11-09."
                : $"'{grain}' is no grain. Use day, week, month, quarter or year.";
        else if (days is null && !company.Calendar.TryParse(by = GrainNames.TryParse(grain)!.Value, period, out days))
            fault = $"'{period}' is no {by.Name()} of the calendar.";

        value = fault is null ? new AskedValue(metric, by, days!, company.Calendar.Key(by, days!), filter) : null;
        return value is not null;
    }
}
