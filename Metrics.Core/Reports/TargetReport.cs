using Metrics.Core.Periods;
using Metrics.Core.Targets;

namespace Metrics.Core.Reports;

/// <summary>
/// Targets as a table in the very form of <c>targets/*.csv</c>, so that what was set on the page can be put into the workspace.
/// </summary>
public static class TargetReport
{
    public static ReportTable TableOf(IReadOnlyCollection<Target> targets, ReportingCalendar calendar)
    {
        string[] dimensions =
        [
            .. targets.SelectMany(target => target.Segment.Values).Select(pair => pair.Key).Distinct().Order(StringComparer.Ordinal),
        ];
        ReportColumn[] columns =
        [
            Text("metric"), Text("version"), Text("grain"), Text("period"), new("value", ColumnKind.Number), .. dimensions.Select(Text),
            Text("note"),
        ];
        return new ReportTable("Targets", columns, [.. targets.Select(Row)]);

        IReadOnlyList<object?> Row(Target target) =>
        [
            target.Metric, target.Version, target.Grain.Name(), calendar.Key(target.Grain, target.Period), target.Value,
            .. dimensions.Select(dimension => target.Segment[dimension]), target.Note,
        ];
    }

    private static ReportColumn Text(string name) => new(name, ColumnKind.Text);
}
