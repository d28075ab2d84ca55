using System.Diagnostics.CodeAnalysis;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>How a metric's segments are shown.</summary>
public enum BreakdownKind
{
    /// <summary>The newest complete period, a row a segment.</summary>
    Table,

    /// <summary>Periods as columns of segments on top of each other.</summary>
    Stacked,

    /// <summary>A line a segment.</summary>
    Lines,

    /// <summary>Periods as columns of 100 %.</summary>
    Share,

    /// <summary>What each segment added to the newest change.</summary>
    Change,
}

/// <summary>What a metric's chart shows beside its line, each of which can be hidden.</summary>
[Flags]
public enum ChartLayers
{
    None = 0,
    Limits = 1,
    Forecast = 2,
    Year = 4,
    Target = 8,
    Events = 16,
}

/// <summary>
/// Everything that the address of a metric's page holds: <c>/metrics/mrr?grain=week&amp;by=plan&amp;as_of=2026-11-09&amp;kind=stacked&amp;hide=limits,events</c>.
/// </summary>
public sealed record MetricAddress(string Metric, Grain Grain)
{
    private static readonly ChartLayers[] Layers = [ChartLayers.Limits, ChartLayers.Forecast, ChartLayers.Year, ChartLayers.Target, ChartLayers.Events];

    /// <summary>The dimension; null for none, and then the first one is shown.</summary>
    public string? By { get; init; }

    /// <summary>The moment as the address spells it; null for now.</summary>
    public string? AsOf { get; init; }

    public BreakdownKind Kind { get; init; }

    public ChartLayers Hidden { get; init; }

    /// <summary>The hidden layers as the address spells them; null for none.</summary>
    public string? HiddenText => Hidden == ChartLayers.None ? null : string.Join(',', Layers.Where(layer => Hidden.HasFlag(layer)).Select(NameOf));

    public bool Shows(ChartLayers layer) => !Hidden.HasFlag(layer);

    /// <summary>The same with a layer hidden, or shown again.</summary>
    public MetricAddress Toggle(ChartLayers layer) => this with { Hidden = Hidden ^ layer };

    public static string NameOf(BreakdownKind kind) => kind.ToString().ToLowerInvariant();

    public static string NameOf(ChartLayers layer) => layer.ToString().ToLowerInvariant();

    /// <summary>The page's address, which ends at one of its parts where <paramref name="part"/> names one.</summary>
    public string Write(string? part = null) =>
        File("") + (Kind == BreakdownKind.Table ? "" : "&kind=" + NameOf(Kind)) + (HiddenText is { } hidden ? "&hide=" + hidden : "") + (part is null ? "" : "#" + part);

    /// <summary>The same figures as a file.</summary>
    /// <param name="ending">Such as <c>.csv</c>.</param>
    public string File(string ending) => $"/metrics/{Metric}{ending}?grain={Grain.Name()}{(By is null ? "" : "&by=" + Uri.EscapeDataString(By))}"
        + (AsOf is null ? "" : "&as_of=" + Uri.EscapeDataString(AsOf));

    public override string ToString() => Write();

    /// <summary>Reads what a request asks of a metric; false with the reason where that is nothing.</summary>
    public static bool TryRead(
        Metric metric, IQueryCollection query, [NotNullWhen(true)] out MetricAddress? address, [NotNullWhen(false)] out string? fault)
    {
        (address, fault) = (null, null);
        var (grain, kind) = (Text(query, "grain") ?? Grain.Week.Name(), Text(query, "kind") ?? NameOf(BreakdownKind.Table));
        var hidden = ChartLayers.None;
        foreach (var name in (Text(query, "hide") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var layer = Array.Find(Layers, layer => NameOf(layer) == name);
            if (layer == ChartLayers.None)
                fault = $"'{name}' is no part of the chart. Hide {string.Join(", ", Layers.Select(NameOf))}.";
            hidden |= layer;
        }

        if (GrainNames.TryParse(grain) is not { } known)
            fault = $"'{grain}' is no grain. Use day, week, month, quarter or year.";
        else if (Enum.GetValues<BreakdownKind>().Where(one => NameOf(one) == kind).Take(1).ToArray() is not [var shown])
            fault = $"'{kind}' is no kind of breakdown. Use {string.Join(", ", Enum.GetValues<BreakdownKind>().Select(NameOf))}.";
        else if (fault is null)
            address = new MetricAddress(metric.Id, known) { By = Text(query, "by"), AsOf = Text(query, "as_of"), Kind = shown, Hidden = hidden };
        return address is not null;
    }

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
}
