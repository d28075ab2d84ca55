using System.Globalization;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Drivers;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Dashboard.Web.Pages.Tree;

/// <summary>A node of the tree as the page shows it.</summary>
/// <param name="Parent">Null at the root.</param>
/// <param name="Path">A text that no other node of the tree has.</param>
public sealed record TreeView(TreeNode Node, TreeNode? Parent, string Path, TreeAddress Address, ReportingCalendar Calendar)
{
    private const string Minus = "\u2212";

    /// <summary>How a value of the node is written, in its own unit or that of its parent where it has none.</summary>
    public ValueFormat Format => new((Node.Metric ?? Parent?.Metric)?.Unit ?? Unit.Score, Calendar.Settings.Currency);

    public Delta? Change => Node is { Metric: { } metric, Before: { } before, After: { } after } && metric.Id == Node.Text
        ? Delta.Between(metric, Known(before), Known(after))
        : null;

    /// <summary>What it adds to its parent's change: "−$5.5k", of a percentage in percentage points.</summary>
    public string AmountText(decimal? amount) => amount is not { } value ? ValueFormat.None
        : Parent?.Metric is { Unit: Unit.Percent }
            ? (value * 100).ToString("+0.00;\u22120.00;0.00", CultureInfo.InvariantCulture) + "\u00A0pp"
            : ParentFormat.Difference(value);

    /// <summary>The same as a part of what the parent was before: "−3.1 %"; null where that says nothing.</summary>
    public string? ShareText(decimal? amount) => Parent is { Before: > 0, Metric.Unit: not Unit.Percent } && amount is { } value
        ? ValueFormat.RelativeChange(value / Parent.Before.Value)
        : null;

    /// <summary>The class of what it adds: good or bad by the direction of the parent.</summary>
    public string LookOf(decimal? amount) => (Parent?.Metric?.Direction, Math.Sign(amount ?? 0)) switch
    {
        (null or Direction.Range, _) or (_, 0) => "neutral",
        (Direction.Up, > 0) or (Direction.Down, < 0) => "good",
        _ => "bad",
    };

    public string ArrowOf(decimal? amount) => AmountText(amount) is var text && text.StartsWith('+') ? "▲" : text.StartsWith(Minus, StringComparison.Ordinal) ? "▼" : "●";

    /// <summary>What the amount means for the parent, as words.</summary>
    public string WordsOf(decimal? amount) => LookOf(amount) switch { "good" => "favourable", "bad" => "unfavourable", _ => "neither" };

    public TreeView Under(TreeNode node, int branch, int at) =>
        new(node, Node, string.Create(CultureInfo.InvariantCulture, $"{Path}-{branch}{at}"), Address, Calendar);

    /// <summary>What stands over the nodes under it.</summary>
    public string HeadingOf(TreeBranch branch) => branch.Kind == TreeBranchKind.Movements
        ? string.Create(CultureInfo.InvariantCulture, $"Moved by {branch.Nodes.Count}")
        : string.Create(CultureInfo.InvariantCulture, $"Driven by {branch.Nodes.Count}");

    private ValueFormat ParentFormat => new(Parent?.Metric?.Unit ?? Unit.Score, Calendar.Settings.Currency);

    private static PeriodValue Known(decimal value) => new(new Period(DateOnly.MinValue, DateOnly.MinValue.AddDays(1)), value, 1, Complete: true, null, Restated: false);
}
