using Dashboard.Web.Pages.Targets;
using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>What a form about limits says.</summary>
public sealed record LimitsInput
{
    public string? Grain { get; init; }

    public string? Segment { get; init; }

    /// <summary>"phase", "locked" or "default".</summary>
    public string? Kind { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    /// <summary>"mean" or "median"; nothing for the mean.</summary>
    public string? Method { get; init; }

    public string? Reason { get; init; }
}

/// <summary>The limits of a metric: what they are, where they come from, and what people decided about them.</summary>
public class LimitsModel(LiveDefinition live, ProcessReader processes, IBaselineStore baselines) : PageModel
{
    public Metric Metric { get; private set; } = null!;

    public Grain Grain { get; private set; }

    /// <summary>The segment whose limits are shown; the total without one.</summary>
    public Segment Segment { get; private set; } = Segment.Total;

    public ReportingCalendar Calendar { get; private set; } = null!;

    public ValueFormat Format { get; private set; } = null!;

    /// <summary>The process by every grain that the metric is known by.</summary>
    public IReadOnlyList<Process> Processes { get; private set; } = [];

    /// <summary>The process by the chosen grain.</summary>
    public Process Process { get; private set; } = null!;

    public BaselineChoices Choices { get; private set; } = BaselineChoices.None;

    /// <summary>What was decided about the metric, newest first.</summary>
    public IReadOnlyList<BaselineChange> History { get; private set; } = [];

    public LimitsInput Input { get; protected set; } = new();

    /// <summary>What is wrong with what was entered; null where nothing is.</summary>
    public string? Fault { get; protected set; }

    /// <summary>Whether something was decided just now.</summary>
    public bool Changed { get; private set; }

    /// <summary>The run that stands at the newest period, with whose beginning a new phase could begin; null where none does.</summary>
    public Signal? Run => Process.Newest?.Signals.FirstOrDefault(signal => signal.Rule == SignalRule.RunOfEight);

    /// <summary>The segment as addresses spell it.</summary>
    public string SegmentText => TargetAddress.SegmentText(Segment);

    public string Address(Grain grain) =>
        $"/metrics/{Metric.Id}/limits?grain={grain.Name()}{(Segment.IsTotal ? "" : "&segment=" + Uri.EscapeDataString(SegmentText))}";

    public string KeyOf(Period period) => Calendar.Key(Grain, period);

    /// <summary>What a person decided, as a sentence.</summary>
    public string InWords(BaselineChange change) => BaselineWords.Of(Calendar, change);

    public virtual async Task<IActionResult> OnGetAsync(
        string id, [FromQuery] LimitsInput input, bool changed, CancellationToken cancellationToken)
    {
        Changed = changed;
        return await LookAsync(id, input, cancellationToken) ?? Page();
    }

    /// <summary>Reads what the page shows; an answer where there is nothing to show.</summary>
    protected async Task<IActionResult?> LookAsync(string id, LimitsInput input, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (!company.Catalog.TryGet(id, out var metric))
            return this.NotFoundBecause($"There is no metric '{id}'.");
        if (GrainNames.TryParse(string.IsNullOrEmpty(input.Grain) ? Grain.Week.Name() : input.Grain) is not { } grain)
            return this.NotFoundBecause($"'{input.Grain}' is no grain. Use day, week, month, quarter or year.");
        var dimensions = company.Catalog.DimensionsOf(metric);
        if (TargetAddress.ParseSegment(input.Segment ?? "") is not { } values || values.Any(pair => !dimensions.Contains(pair.Key)))
            return this.NotFoundBecause($"'{input.Segment}' is no segment of {metric.Name}.");

        (Metric, Calendar, Input, Segment) = (metric, company.Calendar, input, Segment.Of(values));
        Format = new ValueFormat(metric.Unit, Calendar.Settings.Currency);
        var finest = company.Catalog.StoredInputs(metric).Max(one => one.NativeGrain);
        var grains = Enum.GetValues<Grain>().Where(one => one >= finest && (finest != Grain.Week || one == Grain.Week)).ToArray();
        if (!grains.Contains(grain))
            grain = grains[0];
        var read = new List<Process>();
        foreach (var one in grains)
        {
            try
            {
                read.Add((await processes.ReadAsync(Calendar, company.Catalog, metric, one, Segment, null, 0, cancellationToken)).Process);
            }
            catch (MetricQueryException cannot)
            {
                return this.NotFoundBecause(cannot.Message);
            }
        }

        (Grain, Processes, Process) = (grain, read, read[Array.IndexOf(grains, grain)]);
        Choices = (await processes.BookAsync(Calendar, cancellationToken)).Of(metric.Id, grain, Segment);
        History = await baselines.HistoryAsync(metric.Id, cancellationToken);
        return null;
    }
}

/// <summary>Decides about the limits of a metric. A page of its own, because it takes another permission than looking does.</summary>
public sealed class SetLimitsModel(LiveDefinition live, ProcessReader processes, IBaselineStore baselines, TimeProvider clock)
    : LimitsModel(live, processes, baselines)
{
    private readonly IBaselineStore _baselines = baselines;

    public override Task<IActionResult> OnGetAsync(
        string id, [FromQuery] LimitsInput input, bool changed, CancellationToken cancellationToken) =>
        Task.FromResult<IActionResult>(Redirect($"/metrics/{Uri.EscapeDataString(id)}/limits"));

    public async Task<IActionResult> OnPostAsync(string id, [FromForm] LimitsInput input, CancellationToken cancellationToken)
    {
        if (await LookAsync(id, input, cancellationToken) is { } answer)
            return answer;

        var (change, fault) = Read(input);
        if (change is null)
        {
            Fault = fault;
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }

        await _baselines.AppendAsync(change, cancellationToken);
        return Redirect(Address(Grain) + "&changed=true");
    }

    /// <summary>The decision that is meant, or what is wrong with it in words; exactly one of the two is null.</summary>
    private (BaselineChange? Change, string? Fault) Read(LimitsInput input)
    {
        var reason = input.Reason?.Trim() ?? "";
        if (reason.Length == 0)
            return (null, "say why, so that others understand the limits later.");
        if (reason.Length > BaselineChange.LongestReason)
            return (null, $"the reason has {reason.Length} characters; {BaselineChange.LongestReason} are enough.");
        BaselineKind? kind = input.Kind switch
        {
            "phase" => BaselineKind.PhaseStart,
            "locked" => BaselineKind.Locked,
            "default" => BaselineKind.Default,
            _ => null,
        };
        if (kind is not { } decided)
            return (null, $"'{input.Kind}' is nothing that can be decided; use phase, locked or default.");

        var (from, to) = ((Period?)null, (Period?)null);
        if (decided != BaselineKind.Default && !Calendar.TryParse(Grain, input.From?.Trim(), out from))
            return (null, NoPeriod(input.From));
        if (decided == BaselineKind.Locked && !Calendar.TryParse(Grain, input.To?.Trim(), out to))
            return (null, NoPeriod(input.To));
        if (from is not null && (Process.Newest is not { } newest || from.Start > newest.Period.Start))
            return (null, $"{Calendar.Name(Grain, from)} is not complete yet.");
        if (from is not null && to is not null && Calendar.Covering(Grain, from.Start, to.End).Count < ProcessLimits.FewestPoints)
            return (null, $"limits need at least {ProcessLimits.FewestPoints} {Grain.Name()}s.");

        return (
            new BaselineChange(
                Metric.Id, Grain, Segment, decided, from is null ? null : KeyOf(from), to is null ? null : KeyOf(to),
                input.Method == "median" ? LimitMethod.Median : LimitMethod.Mean, reason, User.Identity!.Name!, clock.GetUtcNow()),
            null);
    }

    private string NoPeriod(string? text) =>
        $"'{text}' is no {Grain.Name()} of the calendar; use one such as {TargetExample()}.";

    private string TargetExample() => Process.Newest is { } newest ? KeyOf(newest.Period) : KeyOf(Calendar.Containing(Grain, Calendar.Today(clock)));
}
