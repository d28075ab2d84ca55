using System.Globalization;
using Metrics.Core.Catalog;

namespace Metrics.Core.Drivers;

/// <summary>What one driver adds to a change.</summary>
/// <param name="Text">The driver as the formula reads it: a metric's id, or such as <c>previous(mrr)</c>.</param>
/// <param name="Before">Its value in the earlier period; null where that is not known.</param>
/// <param name="After">Its value in the later period; null for several together.</param>
/// <param name="Amount">In the unit of the metric that is explained.</param>
public sealed record Contribution(string Text, decimal? Before, decimal? After, decimal Amount);

/// <summary>A change taken apart: the parts and the residual sum to it.</summary>
/// <param name="Before">The metric's value in the earlier period.</param>
/// <param name="Parts">The drivers in the order of the formula.</param>
/// <param name="Residual">What the drivers do not explain, because they do not give the metric exactly; 0 where they do.</param>
public sealed record Decomposition(decimal Before, decimal After, IReadOnlyList<Contribution> Parts, decimal Residual)
{
    // Below this part of the values a rest is what rounding left: values keep fifteen digits.
    private const decimal Noise = 1e-12m;

    // Every order of the factors is looked at, and with more of them there are too many.
    private const int MostFactors = 12;

    public decimal Change => After - Before;

    /// <summary>How many parts have a row of their own; the others stand together in one.</summary>
    public const int MostRows = 5;

    /// <summary>The largest parts in the order of the formula, and what the others come to.</summary>
    public IReadOnlyList<Contribution> Rows
    {
        get
        {
            if (Parts.Count <= MostRows + 1)
                return Parts;

            var largest = Parts.OrderByDescending(part => Math.Abs(part.Amount)).Take(MostRows).ToHashSet();
            Contribution[] rest = [.. Parts.Where(part => !largest.Contains(part))];
            var name = string.Create(CultureInfo.InvariantCulture, $"Other {rest.Length}");
            return [.. Parts.Where(largest.Contains), new Contribution(name, null, null, rest.Sum(part => part.Amount))];
        }
    }

    /// <summary>The part of the change that an amount is, a fraction; null where nothing changed.</summary>
    public decimal? ShareOf(decimal amount) => Math.Abs(Change) <= Noise * Math.Max(Math.Abs(Before), Math.Abs(After)) ? null : amount / Change;

    /// <summary>
    /// Takes the change of a metric apart over its drivers: sums term by term, products and quotients by the logarithmic mean (LMDI,
    /// Ang 2005), or by the mean over all orders of the factors (Shapley) where one of them is 0 or negative; nested ones by the same rules.
    /// </summary>
    /// <param name="leavesBefore">The values of what the formula reads in the earlier period, by its text.</param>
    /// <param name="leavesAfter">The same in the later period.</param>
    /// <returns>Null where a value is missing, something is divided by 0, or there are more factors than can be looked at.</returns>
    public static Decomposition? Of(
        Formula drivers, decimal before, decimal after,
        IReadOnlyDictionary<string, decimal?> leavesBefore, IReadOnlyDictionary<string, decimal?> leavesAfter)
    {
        try
        {
            return Of(DriverTree.Of(drivers), before, after, leavesBefore, leavesAfter);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>Takes the change of a stock apart over the flows of the period: each counts as it is.</summary>
    /// <param name="flows">The values of what the sum reads in the later period, by its text.</param>
    public static Decomposition? OfMovements(Formula movements, decimal before, decimal after, IReadOnlyDictionary<string, decimal?> flows)
    {
        var tree = DriverTree.Of(movements);
        if (Of(tree, before, after, flows.ToDictionary(flow => flow.Key, _ => (decimal?)0), flows) is not { } parts)
            return null;

        return parts with { Parts = [.. parts.Parts.Select(part => part with { Before = null })] };
    }

    /// <summary>The logarithmic mean of two positive numbers: between them, and either where they are equal.</summary>
    internal static double LogMean(double a, double b)
    {
        // Where they are nearly equal both differences below would be rounding; the series is exact to the last digit there.
        var r = (a - b) / b;
        return Math.Abs(r) < 1e-3
            ? b * (1 + r / 2 - r * r / 12 + r * r * r / 24 - 19 * r * r * r * r / 720)
            : (a - b) / Math.Log(a / b);
    }

    private static Decomposition? Of(
        DriverTree tree, decimal before, decimal after,
        IReadOnlyDictionary<string, decimal?> leavesBefore, IReadOnlyDictionary<string, decimal?> leavesAfter)
    {
        if (tree.Value(leavesBefore) is not { } modelBefore || tree.Value(leavesAfter) is not { } modelAfter)
            return null;

        var amounts = tree.Leaves.ToDictionary(leaf => leaf, _ => 0m);
        if (!Spread(tree, 1, leavesBefore, leavesAfter, amounts))
            return null;

        // Logarithms are doubles; what they leave of the exact change goes to the largest part, where it is least.
        var rest = modelAfter - modelBefore - amounts.Values.Sum();
        if (amounts.Count > 0)
            amounts[amounts.MaxBy(pair => Math.Abs(pair.Value)).Key] += rest;

        var residual = after - before - (modelAfter - modelBefore);
        var largest = Math.Max(Math.Max(Math.Abs(before), Math.Abs(after)), Math.Max(Math.Abs(modelBefore), Math.Abs(modelAfter)));
        var isNoise = Math.Abs(residual) <= Noise * largest;
        var parts = amounts.Select(pair => new Contribution(pair.Key, leavesBefore[pair.Key], leavesAfter[pair.Key], pair.Value)).ToArray();
        if (isNoise && parts.Length > 0)
        {
            var at = Array.IndexOf(parts, parts.MaxBy(part => Math.Abs(part.Amount)));
            parts[at] = parts[at] with { Amount = parts[at].Amount + residual };
        }

        return new Decomposition(before, after, parts, isNoise && parts.Length > 0 ? 0 : residual);
    }

    /// <summary>
    /// Adds to each leaf what its change adds to the whole: its difference times how much the whole moves with it. False where that
    /// cannot be said.
    /// </summary>
    private static bool Spread(
        DriverTree tree, decimal weight, IReadOnlyDictionary<string, decimal?> before, IReadOnlyDictionary<string, decimal?> after,
        Dictionary<string, decimal> amounts)
    {
        switch (tree)
        {
            case DriverTree.Leaf leaf:
                amounts[leaf.Text] += weight * (after[leaf.Text]!.Value - before[leaf.Text]!.Value);
                return true;
            case DriverTree.Total total:
                return total.Terms.All(term => Spread(term.Part, weight * term.Sign, before, after, amounts));
            case DriverTree.Product product:
                return WeightsOf(product, before, after) is { } weights
                    && product.Factors.Zip(weights).All(pair => Spread(pair.First.Part, weight * pair.Second, before, after, amounts));
            default:
                return true;
        }
    }

    /// <summary>How much a product moves with each of its factors; null where there are too many to say.</summary>
    private static decimal[]? WeightsOf(
        DriverTree.Product product, IReadOnlyDictionary<string, decimal?> before, IReadOnlyDictionary<string, decimal?> after)
    {
        // Numbers do not change: they scale the rest and are no reason to look at orders, even if negative.
        var scale = product.Factors.Where(factor => factor.Part is DriverTree.Constant)
            .Aggregate(1m, (all, factor) => factor.Power > 0 ? all * factor.Part.Value(before)!.Value : all / factor.Part.Value(before)!.Value);
        var factors = product.Factors.Select((factor, at) => (factor.Part, factor.Power, At: at))
            .Where(factor => factor.Part is not DriverTree.Constant)
            .Select(factor => new Factor(factor.At, factor.Power, factor.Part.Value(before)!.Value, factor.Part.Value(after)!.Value))
            .ToArray();
        if (factors.Length > MostFactors)
            return null;

        var weights = new decimal[product.Factors.Count];
        var positive = factors.All(factor => factor.Before > 0 && factor.After > 0);
        foreach (var factor in factors)
            weights[factor.At] = scale * (positive ? ByLogMean(factor, factors) : ByOrders(factor, factors));
        return weights;
    }

    private static decimal ByLogMean(Factor factor, Factor[] all)
    {
        var (before, after) = (Rest(all, _ => false), Rest(all, _ => true));
        return (decimal)(factor.Power * LogMean((double)after, (double)before) / LogMean((double)factor.After, (double)factor.Before));
    }

    private static decimal ByOrders(Factor factor, Factor[] all)
    {
        Factor[] others = [.. all.Where(other => other.At != factor.At)];
        var sum = 0m;
        for (var set = 0; set < 1 << others.Length; set++)
        {
            // In so many of the orders exactly these others have changed before this factor does.
            var changed = int.PopCount(set);
            var bits = set;
            sum += Rest(others, i => (bits >> i & 1) == 1) / (all.Length * Choose(others.Length, changed));
        }

        // 1/after - 1/before, for each unit by which a divisor changes.
        return factor.Power > 0 ? sum : -sum / (factor.Before * factor.After);
    }

    private static decimal Rest(Factor[] factors, Func<int, bool> isAfter)
    {
        var product = 1m;
        for (var i = 0; i < factors.Length; i++)
        {
            var value = isAfter(i) ? factors[i].After : factors[i].Before;
            product = factors[i].Power > 0 ? product * value : product / value;
        }

        return product;
    }

    private static long Choose(int of, int count)
    {
        var ways = 1L;
        for (var i = 1; i <= count; i++)
            ways = ways * (of - count + i) / i;
        return ways;
    }

    private sealed record Factor(int At, int Power, decimal Before, decimal After);
}
