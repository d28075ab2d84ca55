using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Targets;

/// <summary>Gives the targets in force: those of the files, and on top of them those that were set on the page.</summary>
public sealed class TargetReader(ITargetStore store)
{
    /// <summary>
    /// The targets in force now. One that was set for a metric, dimension or period that the workspace no longer has is passed over; it
    /// counts again when the workspace has it again.
    /// </summary>
    /// <param name="files">What the files say.</param>
    public async Task<TargetBook> ReadAsync(ReportingCalendar calendar, MetricCatalog catalog, TargetBook files, CancellationToken cancellationToken)
    {
        var onPage = new List<Target>();
        foreach (var change in await store.CurrentAsync(cancellationToken))
        {
            if (EntryOf(change).Read(calendar, catalog).Target is { } target)
                onPage.Add(target with { Value = change.Value!.Value, Edit = new TargetEdit(change.By, change.At) });
        }

        return files.With(onPage);
    }

    private static TargetEntry EntryOf(TargetChange change) => new(
        change.Metric, change.Version, change.Grain.Name(), change.Period, change.Value?.ToString(CultureInfo.InvariantCulture) ?? "",
        change.Segment.Values, change.Note ?? "");
}
