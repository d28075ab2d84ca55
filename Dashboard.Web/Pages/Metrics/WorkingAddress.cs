using System.Diagnostics.CodeAnalysis;
using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>Which value a working is of, as its address says it: <c>?grain=week&amp;period=2026-W46&amp;region=EU</c>.</summary>
public sealed record WorkingAddress(Metric Metric, Grain Grain, Period Period, string Key, IReadOnlyDictionary<string, string> Filter)
{
    private static readonly string[] Own = ["grain", "period"];

    /// <summary>The address of the same value of another metric.</summary>
    public WorkingAddress Of(Metric metric) => this with { Metric = metric };

    /// <summary>The address of the value of the total.</summary>
    public WorkingAddress Whole => this with { Filter = new Dictionary<string, string>() };

    /// <param name="ending">Empty for the page, <c>.csv</c> for its file.</param>
    public string Write(string ending = "") => For(Metric.Id, Grain, Key, Filter, ending);

    /// <summary>The address of the working of a value.</summary>
    public static string For(string metric, Grain grain, string key, IEnumerable<KeyValuePair<string, string>> filter, string ending = "") =>
        $"/metrics/{metric}/working{ending}?grain={grain.Name()}&period={Uri.EscapeDataString(key)}"
        + string.Concat(filter.Select(pair => $"&{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));

    /// <summary>Reads the address that a request names; false with the reason where it names none.</summary>
    public static bool TryRead(
        CompanyDefinition company, Metric metric, string? grain, string? period, IQueryCollection query,
        [NotNullWhen(true)] out WorkingAddress? address, [NotNullWhen(false)] out string? fault)
    {
        (address, fault) = (null, null);
        var dimensions = company.Catalog.DimensionsOf(metric);
        var asked = query.Keys.Where(name => !Own.Contains(name, StringComparer.OrdinalIgnoreCase)).ToArray();
        if (GrainNames.TryParse(string.IsNullOrEmpty(grain) ? Grain.Week.Name() : grain) is not { } known)
            fault = $"'{grain}' is no grain. Use day, week, month, quarter or year.";
        else if (!company.Calendar.TryParse(known, period, out var found))
            fault = $"'{period}' is no {known.Name()} of the calendar.";
        else if (asked.FirstOrDefault(name => !dimensions.Contains(name)) is { } unknown)
            fault = $"'{metric.Id}' is not stored by '{unknown}'.";
        else
            address = new WorkingAddress(
                metric, known, found, company.Calendar.Key(known, found), asked.ToDictionary(name => name, name => query[name].ToString()));

        return address is not null;
    }
}
