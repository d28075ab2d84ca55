using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Targets;

/// <summary>What the form of a target says.</summary>
public sealed record TargetInput
{
    public string? Metric { get; init; }

    public string? Version { get; init; }

    public string? Grain { get; init; }

    public string? Period { get; init; }

    public string? Segment { get; init; }

    public string? Value { get; init; }

    public string? Note { get; init; }

    /// <summary>The target that is meant, or what is wrong with it; exactly one of the two is null.</summary>
    internal (Target? Target, string? Fault) Read(ReportingCalendar calendar, MetricCatalog catalog) =>
        TargetAddress.ParseSegment(Segment ?? "") is { } segment
        ? new TargetEntry(Text(Metric), Text(Version), Text(Grain), Text(Period), Text(Value), segment, Text(Note)).Read(calendar, catalog)
        : (null, $"'{Segment}' is no segment; write one such as region=EU, each dimension once.");

    private static string Text(string? text) => text?.Trim() ?? "";
}

/// <summary>Sets or changes a target. A page of its own, because it takes another permission than looking does.</summary>
public sealed class SetModel(LiveDefinition live, TargetReader targets, ITargetStore store, TimeProvider clock) : PageModel
{
    public TargetInput Input { get; private set; } = new();

    /// <summary>What is wrong with what was entered; null where nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>The target in force that the form is about; null where there is none.</summary>
    public Target? InForce { get; private set; }

    public ValueFormat? Format { get; private set; }

    /// <summary>What was done to this target here, newest first.</summary>
    public IReadOnlyList<PastChange> History { get; private set; } = [];

    public IReadOnlyList<Metric> Metrics { get; private set; } = [];

    public IReadOnlyList<string> Versions { get; private set; } = [];

    public ReportingCalendar Calendar { get; private set; } = null!;

    public async Task OnGetAsync([FromQuery] TargetInput input, CancellationToken cancellationToken)
    {
        await LookAsync(input, cancellationToken);
        if (InForce is { } target)
            Input = Input with { Value = TargetAddress.ValueText(live.Current.Catalog[target.Metric].Unit, target.Value), Note = target.Note };
    }

    public async Task<IActionResult> OnPostAsync([FromForm] TargetInput input, CancellationToken cancellationToken)
    {
        var company = live.Current;
        var (target, fault) = input.Read(company.Calendar, company.Catalog);
        if (target is null)
        {
            Fault = fault;
            await LookAsync(input, cancellationToken);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }

        await store.AppendAsync(
            new TargetChange(
                target.Metric, target.Version, target.Grain, company.Calendar.Key(target.Grain, target.Period), target.Segment,
                target.Value, target.Note, User.Identity!.Name!, clock.GetUtcNow()),
            cancellationToken);
        var shown = new TargetQuery(Metric: target.Metric, Year: company.Calendar.FiscalYear(target.Period.LastDay));
        return Redirect($"/targets/review{TargetAddress.Of(shown)}&changed=true");
    }

    private async Task LookAsync(TargetInput input, CancellationToken cancellationToken)
    {
        var company = live.Current;
        var book = await targets.ReadAsync(company.Calendar, company.Catalog, company.Targets, cancellationToken);
        (Input, Calendar, Versions) = (input, company.Calendar, book.Versions);
        Metrics = [.. company.Catalog.Metrics.OrderBy(metric => metric.Name, StringComparer.Ordinal)];
        if (company.Catalog.TryGet(input.Metric ?? "", out var metric))
            Format = new ValueFormat(metric.Unit, company.Calendar.Settings.Currency);
        if (GrainNames.TryParse(input.Grain) is { } grain && company.Calendar.TryParse(grain, input.Period, out var period)
            && TargetAddress.ParseSegment(input.Segment ?? "") is { } values)
        {
            var segment = Segment.Of(values);
            var version = string.IsNullOrEmpty(input.Version) ? Target.DefaultVersion : input.Version;
            InForce = book.Targets.FirstOrDefault(target =>
                target.Metric == input.Metric && target.Version == version && target.Grain == grain && target.Period == period
                && target.Segment.Equals(segment));
            var key = company.Calendar.Key(grain, period);
            History =
            [
                .. PastChange.Of(await store.HistoryAsync(new TargetHistoryQuery(input.Metric, version), cancellationToken), company)
                    .Where(past => past.Change.Grain == grain && past.Change.Period == key && past.Change.Segment.Equals(segment)),
            ];
        }
    }
}
