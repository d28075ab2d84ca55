using Metrics.Core.Annotations;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Charts;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Drivers;
using Metrics.Core.Models;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>One metric: what it means, where it comes from, its values, and what they once were.</summary>
public sealed class MetricModel(
    LiveDefinition live, MetricSheetBuilder sheets, DefinitionVersions definitions, DriverReader driverReader, RestatedReader restatements,
    TargetReader targets, TargetReviewBuilder reviews, IEnumerable<IModel> models, IModelStateStore state, MetricReader reader,
    SourceStatusReader statuses, MetricHistory past, TimeProvider clock) : PageModel
{
    // With fewer values a distribution says nothing.
    private const int FewestForDistribution = 8;

    private AsOf? _asOf;

    /// <summary>What the address asks for.</summary>
    public MetricAddress Where { get; private set; } = null!;

    /// <summary>Who changed what about it, newest first.</summary>
    public IReadOnlyList<MetricChange> History { get; private set; } = [];

    public MetricSheet Sheet { get; private set; } = null!;

    public Restated Restated { get; private set; } = null!;

    /// <summary>Where the newest month, quarter and year stand that have a target; null as of a moment, which has no pace.</summary>
    public NewestStandings? Pace { get; private set; }

    public Lineage Lineage { get; private set; } = null!;

    /// <summary>What models compute for it: its own measure, and those behind a formula.</summary>
    public IReadOnlyList<ComputedMeasure> Measures { get; private set; } = [];

    /// <summary>How far the sources behind it can be relied on now, by name.</summary>
    public IReadOnlyList<(string Source, Freshness Freshness)> Freshness { get; private set; } = [];

    /// <summary>The cohorts of a share that is known by cohort; null for other metrics.</summary>
    public CohortTriangle? Cohorts { get; private set; }

    /// <summary>The definitions of the models behind it that have switches, each with its versions.</summary>
    public IReadOnlyList<ModelDefinition> Definitions { get; private set; } = [];

    private IEnumerable<DefinitionVersion> Seams => Definitions.SelectMany(one => one.Seams);

    /// <summary>Why the newest complete period differs from the one before; null where there is nothing to say.</summary>
    public DriversView? Drivers { get; private set; }

    /// <summary>The metrics that explain this one's changes.</summary>
    public IReadOnlyList<Metric> DrivenBy { get; private set; } = [];

    /// <summary>The metrics whose changes this one explains.</summary>
    public IReadOnlyList<Metric> Drives { get; private set; } = [];

    /// <summary>What is wrong with rows behind the figures, those left out first; empty as of a moment, of which nobody knows.</summary>
    public IReadOnlyList<DataWarning> Warnings { get; private set; } = [];

    public string Currency { get; private set; } = "";

    public bool HasSources { get; private set; }

    /// <summary>The day of the moment in the workspace's zone, as a date input takes it.</summary>
    public string AsOfDay { get; private set; } = "";

    /// <summary>The last day that can be asked for.</summary>
    public string Today { get; private set; } = "";

    /// <summary>The dimension by which it is broken down; null where it has none.</summary>
    public string? Dimension => Where.By ?? (Sheet.Dimensions is [var first, ..] ? first : null);

    /// <summary>How the segments are shown: as the address says, or as a table where that cannot be.</summary>
    public BreakdownKind Kind => Kinds.Contains(Where.Kind) ? Where.Kind : BreakdownKind.Table;

    /// <summary>How the segments can be shown: on top of each other only where they add up.</summary>
    public IReadOnlyList<BreakdownKind> Kinds =>
    [
        BreakdownKind.Table, .. Sheet.Breakdown is { AddsUp: true } ? [BreakdownKind.Stacked] : (BreakdownKind[])[], BreakdownKind.Lines,
        .. Sheet.Breakdown is { AddsUp: true } ? [BreakdownKind.Share] : (BreakdownKind[])[],
        .. Drivers?.EffectsOf(Dimension) is not null ? [BreakdownKind.Change] : (BreakdownKind[])[],
    ];

    /// <summary>Why the segments cannot be shown as the address says; null where they are.</summary>
    public string? WhyNotThatKind => Where.Kind == Kind ? null
        : Where.Kind == BreakdownKind.Change
            ? Sheet.Newest is null || Drivers is null
                ? "There are no two complete periods to compare."
                : "The segments do not make up the total, so nobody can say what each added to its change."
            : WhyNoShares;

    /// <summary>The working of a value; null where there is none to show: of no value, and of what was known once.</summary>
    public string? WorkingOf(string key, decimal? value, string? dimension = null, string? segment = null) =>
        value is null || _asOf is not null
            ? null
            : WorkingAddress.For(Sheet.Metric.Id, Sheet.Grain, key, dimension is null ? [] : [KeyValuePair.Create(dimension, segment!)]);

    /// <summary>The large chart with the events on it.</summary>
    public MetricChart ChartOf(IReadOnlyList<PlacedAnnotation> events) => new(Sheet, Where, events, [.. Seams]);

    /// <summary>The segments over some periods as a picture; empty where there are none.</summary>
    public string SegmentChart(ChartSize size)
    {
        if (Sheet.Segments is not { } history)
            return "";

        string[] periods = [.. history.Rows.Select(row => row.ShortLabel)];
        SegmentValues[] segments = [.. history.Segments.Select(one => new SegmentValues(one.Name, one.Values))];
        var newest = string.Join(", ", history.Segments.Take(3).Select(one => $"{one.Name} {Sheet.Format.Compact(one.Values[^1])}"));
        var label = $"{Sheet.Metric.Name} by {history.Dimension}, {periods[0]} to {periods[^1]}: {newest} in {periods[^1]}. The table below has the values.";
        return Kind switch
        {
            BreakdownKind.Lines => LineSeries.Draw(periods, segments, Sheet.Format, label, size),
            _ => StackedBars.Draw(periods, segments, Sheet.Format, label, size, shares: Kind == BreakdownKind.Share),
        };
    }

    /// <summary>How the values of complete periods are spread; null where they are too few.</summary>
    public Distribution? Spread => Complete is { Length: >= FewestForDistribution } values
        ? Distribution.Of(values, Sheet.Metric.Unit == Unit.Count)
        : null;

    /// <summary>Where the newest period lies among the others, as sentences.</summary>
    public string SpreadInWords
    {
        get
        {
            if (Spread is not { } spread || Sheet.Newest is not { Value.Value: { } newest } row)
                return "";
            var (all, below) = (Complete.Length, Complete.Count(value => value < newest));
            return $"Half of the {all} {Sheet.Grain.Name()}s lie between {Sheet.Format.Compact(spread.LowerQuartile)} and {Sheet.Format.Compact(spread.UpperQuartile)}, "
                + $"the median is {Sheet.Format.Compact(spread.Median)}. {row.ShortLabel} with {Sheet.Format.Compact(newest)} is above {below} of them.";
        }
    }

    /// <summary>The spread as a picture with the newest period in it.</summary>
    public string SpreadChart(ChartSize size) => Histogram.Draw(
        Spread, Sheet.Format, SpreadInWords + " The table of periods has the values.", size,
        Sheet.Newest is { Value.Value: { } newest } row ? new HistogramMark(newest, row.ShortLabel) : null);

    private decimal[] Complete => [.. Sheet.Rows.Where(row => row.Value.Complete).Select(row => row.Value.Value).OfType<decimal>()];

    /// <summary>Why segments have no shares of the total.</summary>
    public string WhyNoShares => Sheet.Metric switch
    {
        { Formula: not null } => "The formula is computed for each segment by itself, so the segments do not add up to the total.",
        { OverTime: OverTime.Distinct } => "Whoever is in two segments counts in both, so the segments do not add up to the total.",
        { OverSegments: OverSegments.Sum } => "The lowest and the highest of segments are not those of the total, so the segments do not add up to it.",
        _ => "Each segment is computed by itself: who changes from one to another leaves the first and joins the second, "
            + "so the segments do not add up to the total.",
    };

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (!company.Catalog.TryGet(id, out var metric))
            return this.NotFoundBecause($"There is no metric '{id}'.");
        if (!MetricAddress.TryRead(metric, Request.Query, out var address, out var unknown))
            return this.NotFoundBecause(unknown);
        if (!AsOf.TryRead(address.AsOf, company.Calendar, out _asOf, out var fault))
            return this.NotFoundBecause(fault);

        (Where, Currency, HasSources) = (address, company.Calendar.Settings.Currency, company.Sources.Count > 0);
        var known = address.Grain;
        Lineage = Lineage.Of(company, metric, models);
        Measures = [.. Lineage.Origins.Where(origin => origin.Metric.Model is not null).Select(ComputedMeasure.Of)];
        var behind = Lineage.Origins.SelectMany(origin => origin.Streams).Select(stream => stream.Id.Source).ToHashSet();
        Source[] sources = [.. company.Sources.Where(source => behind.Contains(source.Id))];
        Freshness = [.. sources.Select(source => source.Id).Zip(await statuses.FreshnessAsync(sources, company.Calendar, cancellationToken))];
        Definitions = await ModelDefinition.ReadAsync(definitions, company, Lineage, cancellationToken);
        var dimension = address.By ?? (company.Catalog.DimensionsOf(metric) is [var first, ..] ? first : null);
        var book = await targets.ReadAsync(company.Calendar, company.Catalog, company.Targets, cancellationToken);
        var plans = book.PlansOf(company.Calendar, company.Catalog, metric, company.VersionsOf(metric), Segment.Total);
        var query = new SheetQuery(metric, known)
        {
            By = dimension, AsOf = _asOf?.At, Plans = plans,
            WithSegmentHistory = address.Kind is BreakdownKind.Stacked or BreakdownKind.Lines or BreakdownKind.Share,
        };
        Sheet = await sheets.BuildAsync(company.Calendar, company.Catalog, query, cancellationToken);
        if (_asOf is null)
        {
            Warnings = (await state.WarningsAsync(cancellationToken)).About(company.Catalog, metric);
            var grains = Sheet.Grains.Where(one => one >= Grain.Month);
            Pace = await reviews.NewestAsync(company.Calendar, company.Catalog, metric, grains, plans, cancellationToken);
        }

        (DrivenBy, Drives) = (company.Catalog.DriversOf(metric), company.Catalog.DrivenBy(metric));
        if (Sheet is { Reason: null, Newest: { } newest })
        {
            var asked = new DriverQuery(metric, known, newest.Value.Period, _asOf?.At);
            if (await driverReader.ReadAsync(company.Calendar, company.Catalog, asked, cancellationToken) is { IsEmpty: false } found)
                Drivers = new DriversView(found, company.Calendar, Sheet.Format);
        }

        if (_asOf is null && CohortTriangle.IsOf(company.Catalog, metric) && Sheet.Newest is { } last)
            Cohorts = await CohortTriangle.ReadAsync(reader, company.Calendar, company.Catalog, metric, known, last.Value.Period, cancellationToken);
        History = await past.ReadAsync(company, metric, Definitions, cancellationToken);
        Restated = await restatements.ReadAsync(company.Calendar, company.Catalog, Sheet, cancellationToken);
        if (_asOf is not null)
            AsOfDay = $"{company.Calendar.DayOf(_asOf.At):yyyy-MM-dd}";
        Today = $"{company.Calendar.Today(clock):yyyy-MM-dd}";
        return Page();
    }
}
