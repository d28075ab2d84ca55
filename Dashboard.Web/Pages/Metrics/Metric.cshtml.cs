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
    SourceStatusReader statuses, TimeProvider clock) : PageModel
{
    private AsOf? _asOf;

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

    /// <summary>What says so where somebody reads and does not see: "Definition v2 from 1 Jul 2026."; empty where nothing changed.</summary>
    public string SeamsInWords => string.Concat(Seams.Select(seam => $" {ModelDefinition.NameOf(seam)} from {seam.Since:d MMM yyyy}."));

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

    /// <summary>The dimension that the address names; null for none, and then the first one is shown.</summary>
    public string? By { get; private set; }

    /// <summary>The moment as the address spells it; null for now.</summary>
    public string? AsOfText => _asOf?.Text;

    /// <summary>The day of the moment in the workspace's zone, as a date input takes it.</summary>
    public string AsOfDay { get; private set; } = "";

    /// <summary>The last day that can be asked for.</summary>
    public string Today { get; private set; } = "";

    /// <summary>The address of this page, or of its file, at another grain or by another dimension, as of the same moment.</summary>
    public string Address(string ending, Grain grain, string? by) =>
        Now(ending, grain, by) + (_asOf is null ? "" : "&as_of=" + Uri.EscapeDataString(_asOf.Text));

    /// <summary>The same of now.</summary>
    public string Now(string ending, Grain grain, string? by) =>
        $"/metrics/{Sheet.Metric.Id}{ending}?grain={grain.Name()}{(by is null ? "" : "&by=" + Uri.EscapeDataString(by))}";

    /// <summary>The working of a value; null where there is none to show: of no value, and of what was known once.</summary>
    public string? WorkingOf(string key, decimal? value, string? dimension = null, string? segment = null) =>
        value is null || _asOf is not null
            ? null
            : WorkingAddress.For(Sheet.Metric.Id, Sheet.Grain, key, dimension is null ? [] : [KeyValuePair.Create(dimension, segment!)]);

    /// <summary>The trend as a picture for some room; empty where there is nothing to draw.</summary>
    public string Chart(TrendSize size) => TrendChart.Draw(
        [
            .. Sheet.Rows.Reverse().Select(row => new TrendPoint(
                row.ShortLabel, row.Label, row.Value, row.YearAgo.Complete ? row.YearAgo.Value : null, row.Target?.Value)
            {
                Seam = SeamIn(row.Value.Period),
            }),
        ],
        Sheet.Format, $"{Sheet.Message}{SeamsInWords} The table below has the values.", size);

    /// <summary>The definition that begins in a period; null where none does, and at the first day of all.</summary>
    private string? SeamIn(Period period) => Seams.LastOrDefault(seam => period.Contains(seam.Since!.Value))?.Label;

    /// <summary>Why segments have no shares of the total.</summary>
    public string WhyNoShares => Sheet.Metric switch
    {
        { Formula: not null } => "The formula is computed for each segment by itself, so the segments do not add up to the total.",
        { OverTime: OverTime.Distinct } => "Whoever is in two segments counts in both, so the segments do not add up to the total.",
        { OverSegments: OverSegments.Sum } => "The lowest and the highest of segments are not those of the total, so the segments do not add up to it.",
        _ => "Each segment is computed by itself: who changes from one to another leaves the first and joins the second, "
            + "so the segments do not add up to the total.",
    };

    public async Task<IActionResult> OnGetAsync(
        string id, string? grain, string? by, [FromQuery(Name = "as_of")] string? asOf, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (!company.Catalog.TryGet(id, out var metric))
            return this.NotFoundBecause($"There is no metric '{id}'.");
        if (GrainNames.TryParse(string.IsNullOrEmpty(grain) ? Grain.Week.Name() : grain) is not { } known)
            return this.NotFoundBecause($"'{grain}' is no grain. Use day, week, month, quarter or year.");
        if (!AsOf.TryRead(asOf, company.Calendar, out _asOf, out var fault))
            return this.NotFoundBecause(fault);

        (Currency, HasSources, By) = (company.Calendar.Settings.Currency, company.Sources.Count > 0, string.IsNullOrEmpty(by) ? null : by);
        Lineage = Lineage.Of(company, metric, models);
        Measures = [.. Lineage.Origins.Where(origin => origin.Metric.Model is not null).Select(ComputedMeasure.Of)];
        var behind = Lineage.Origins.SelectMany(origin => origin.Streams).Select(stream => stream.Id.Source).ToHashSet();
        Source[] sources = [.. company.Sources.Where(source => behind.Contains(source.Id))];
        Freshness = [.. sources.Select(source => source.Id).Zip(await statuses.FreshnessAsync(sources, company.Calendar, cancellationToken))];
        Definitions = await ModelDefinition.ReadAsync(definitions, company, Lineage, cancellationToken);
        var dimension = By ?? (company.Catalog.DimensionsOf(metric) is [var first, ..] ? first : null);
        var book = await targets.ReadAsync(company.Calendar, company.Catalog, company.Targets, cancellationToken);
        var plans = book.PlansOf(company.Calendar, company.Catalog, metric, company.VersionsOf(metric), Segment.Total);
        var query = new SheetQuery(metric, known) { By = dimension, AsOf = _asOf?.At, Plans = plans };
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
        Restated = await restatements.ReadAsync(company.Calendar, company.Catalog, Sheet, cancellationToken);
        if (_asOf is not null)
            AsOfDay = $"{company.Calendar.DayOf(_asOf.At):yyyy-MM-dd}";
        Today = $"{company.Calendar.Today(clock):yyyy-MM-dd}";
        return Page();
    }
}
