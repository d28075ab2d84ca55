using Metrics.Core.Definitions;
using Metrics.Core.Push;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Sources;

/// <summary>What was pushed and maps to no metric yet, and the rules that would take it.</summary>
public sealed class InboxModel(LiveDefinition live, IPushInbox inbox) : PageModel
{
    /// <summary>What waits, by measurement.</summary>
    public IReadOnlyList<WaitingMeasurement> Measurements { get; private set; } = [];

    public long Lines => Measurements.Sum(measurement => measurement.Fields.Sum(one => one.Group.Lines));

    public InboxLoss? Loss { get; private set; }

    /// <summary>What the button did; null where it was not pressed.</summary>
    public TakenIn? Taken { get; private set; }

    public async Task OnGetAsync([FromQuery] long? written, [FromQuery] long? outdated, [FromQuery] long? ignored, CancellationToken cancellationToken)
    {
        var map = live.Current.Push;
        Loss = await inbox.LossAsync(cancellationToken);
        Measurements =
        [
            .. (await inbox.GroupsAsync(cancellationToken)).GroupBy(group => group.Measurement).Select((groups, number) => new WaitingMeasurement(
                groups.Key, number, [.. groups.Select(group => new WaitingField(group, map.Find(group.Measurement, group.Example.Tags, group.Field)))],
                RuleDraft.Of([.. groups], map.Metrics))),
        ];
        Taken = written is null ? null : new TakenIn(written.Value, outdated ?? 0, ignored ?? 0, Lines);
    }
}

/// <param name="Number">Its place on the page.</param>
/// <param name="Rule">The rule that would take it.</param>
public sealed record WaitingMeasurement(string Name, int Number, IReadOnlyList<WaitingField> Fields, string Rule);

/// <param name="Now">Where the rules of today send it.</param>
public sealed record WaitingField(InboxGroup Group, Destination Now);
