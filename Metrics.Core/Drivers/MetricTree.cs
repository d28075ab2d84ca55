using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Drivers;

/// <summary>How a metric is taken apart.</summary>
public enum TreeBranchKind
{
    /// <summary>Over the flows that moved a stock in the period.</summary>
    Movements,

    /// <summary>Over its drivers, or the operands of its formula.</summary>
    Drivers,
}

/// <summary>A metric in the tree, with its figure in the two periods.</summary>
/// <param name="Text">What its parent's formula reads: the metric's id, or such as <c>previous(mrr)</c>.</param>
/// <param name="Metric">Null where the text is made of several metrics.</param>
/// <param name="Before">Null where it is not known, and of a flow that moved a stock.</param>
/// <param name="Amount">What it adds to the change of its parent, in the parent's unit; null at the root and where nobody can say.</param>
public sealed record TreeNode(string Text, Metric? Metric, decimal? Before, decimal? After, decimal? Amount)
{
    public IReadOnlyList<TreeBranch> Branches { get; init; } = [];

    public string Name => Metric is { } metric && metric.Id == Text ? metric.Name : Text;

    /// <summary>How many nodes there are under it.</summary>
    public int Descendants => Branches.Sum(branch => branch.Nodes.Sum(node => 1 + node.Descendants));
}

/// <summary>One way in which a metric's change is taken apart.</summary>
/// <param name="Residual">What the nodes do not explain; null where they explain nothing because a figure is missing.</param>
public sealed record TreeBranch(TreeBranchKind Kind, IReadOnlyList<TreeNode> Nodes, decimal? Residual);

/// <summary>Which tree is asked for: the change of a metric to a period from another one.</summary>
public sealed record TreeQuery(Metric Metric, Grain Grain, Period Period, Period Against);

/// <summary>Reads a metric with all that drives it, and what drives that.</summary>
public sealed class MetricTreeReader(DriverReader drivers)
{
    // A tree of more levels is none that anybody reads; a branch that goes on has its own address.
    private const int MostLevels = 4;

    /// <summary>The metrics that have a tree, those with the most metrics under them first.</summary>
    public static IReadOnlyList<Metric> Roots(MetricCatalog catalog)
    {
        var under = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        return
        [
            .. catalog.Metrics.Where(metric => catalog.DriversOf(metric).Count > 0)
                .OrderByDescending(metric => metric.Kind == MetricKind.Output && (metric.Drivers is not null || metric.Movements is not null))
                .ThenByDescending(metric => Under(metric).Count),
        ];

        HashSet<string> Under(Metric metric)
        {
            if (under.TryGetValue(metric.Id, out var known))
                return known;

            // Entered before it is filled, so that a circle comes to an end.
            var all = under[metric.Id] = new HashSet<string>(StringComparer.Ordinal);
            foreach (var driver in catalog.DriversOf(metric))
            {
                all.Add(driver.Id);
                all.UnionWith(Under(driver).ToArray());
            }

            return all;
        }
    }

    /// <summary>The tree of a metric; null where it is not known and complete in both periods.</summary>
    public async Task<TreeNode?> ReadAsync(ReportingCalendar calendar, MetricCatalog catalog, TreeQuery query, CancellationToken cancellationToken)
    {
        // A metric is taken apart where it stands first, and named wherever it stands again.
        var done = new HashSet<string>(StringComparer.Ordinal) { query.Metric.Id };
        var root = await ExplainAsync(query.Metric);
        return root is null ? null : await GrowAsync(new TreeNode(query.Metric.Id, query.Metric, root.Before.Value, root.After.Value, null), root, 1);

        async Task<TreeNode> GrowAsync(TreeNode node, MetricDrivers? why, int level)
        {
            var metric = node.Metric!;
            if (why is not { Movements: null, Drivers: null } and not null)
            {
                var branches = new List<TreeBranch>();
                foreach (var (kind, parts) in new[] { (TreeBranchKind.Movements, why.Movements), (TreeBranchKind.Drivers, why.Drivers) })
                {
                    if (parts is null)
                        continue;

                    var nodes = new List<TreeNode>();
                    foreach (var part in parts.Parts)
                        nodes.Add(await UnderAsync(new TreeNode(part.Text, why.Sources.GetValueOrDefault(part.Text), part.Before, part.After, part.Amount), level));
                    branches.Add(new TreeBranch(kind, nodes, parts.Residual));
                }

                return node with { Branches = branches };
            }

            // Something is missing: what drives it can still be named.
            var named = new List<TreeNode>();
            foreach (var driver in catalog.DriversOf(metric))
                named.Add(await UnderAsync(new TreeNode(driver.Id, driver, null, null, null), level));
            return named.Count == 0 ? node : node with { Branches = [new TreeBranch(TreeBranchKind.Drivers, named, null)] };
        }

        async Task<TreeNode> UnderAsync(TreeNode node, int level)
        {
            if (node.Metric is not { } metric || metric.Id != node.Text || level >= MostLevels || catalog.DriversOf(metric).Count == 0
                || !done.Add(metric.Id))
                return node;

            var why = await ExplainAsync(metric);
            var known = why is null ? node : node with { Before = node.Before ?? why.Before.Value, After = node.After ?? why.After.Value };
            return await GrowAsync(known, why, level + 1);
        }

        async Task<MetricDrivers?> ExplainAsync(Metric metric)
        {
            try
            {
                var asked = new DriverQuery(metric, query.Grain, query.Period) { Against = query.Against, WithDimensions = false };
                return await drivers.ReadAsync(calendar, catalog, asked, cancellationToken);
            }
            catch (MetricQueryException)
            {
                // Not known by this grain.
                return null;
            }
        }
    }
}
