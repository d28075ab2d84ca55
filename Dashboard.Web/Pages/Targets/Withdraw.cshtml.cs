using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Targets;

/// <summary>Takes back a target that was set on the page, so that the file's counts again, if there is one.</summary>
public sealed class WithdrawModel(LiveDefinition live, ITargetStore store, TimeProvider clock) : PageModel
{
    public IActionResult OnGet() => Redirect("/targets");

    public async Task<IActionResult> OnPostAsync([FromForm] TargetInput input, CancellationToken cancellationToken)
    {
        var calendar = live.Current.Calendar;
        var segment = TargetAddress.ParseSegment(input.Segment ?? "") is { } values ? Segment.Of(values) : null;
        var current = (await store.CurrentAsync(cancellationToken)).FirstOrDefault(change =>
            change.Metric == input.Metric && change.Version == input.Version && change.Grain == GrainNames.TryParse(input.Grain)
            && change.Period == input.Period && change.Segment.Equals(segment));
        if (current is null)
            return this.NotFoundBecause("There is no such target that was set here.");

        var note = input.Note?.Trim() is { Length: > 0 } given ? given[..Math.Min(given.Length, TargetEntry.LongestNote)] : null;
        await store.AppendAsync(current with { Value = null, Note = note, By = User.Identity!.Name!, At = clock.GetUtcNow() }, cancellationToken);
        int? year = calendar.TryParse(current.Grain, current.Period, out var period) ? calendar.FiscalYear(period.LastDay) : null;
        return Redirect("/targets/review" + TargetAddress.Of(new TargetQuery(Metric: current.Metric, Year: year)) + "&changed=true");
    }
}
