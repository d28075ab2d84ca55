using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Catalog;
using Metrics.Core.Drivers;
using NUnit.Framework;

namespace Metrics.Core.Tests.Drivers;

/// <summary>A change taken apart over drivers and over segments.</summary>
public sealed class DecompositionTests
{
    private static readonly Gen<decimal> Positive = Gen.Choose(1, 1_000_000).Select(number => number / 100m);
    private static readonly Gen<decimal> Any = Gen.Frequency((6, Positive), (2, Gen.Choose(-1_000, 1_000).Select(number => number / 10m)), (1, Gen.Constant(0m)));

    private static readonly string[] Formulas =
    [
        "a + b - c", "a * b", "a * b * c", "a / b", "a / (a + b)", "(a - b) / c", "(a + b) * (c - d)", "a * b / c - d", "12 * a", "-a * -2 / 5",
        "a / b / c", "(a * b + c) * d / 100", "max(a, b) - c", "a - (b - (c - d))", "1 - a / b", "a * (b + c * d)", "-(a - b)", "a * a",
    ];

    [Test]
    public void A_sum_adds_what_each_of_its_terms_adds()
    {
        var parts = Of("a - b + 3", ("a", 10, 14), ("b", 4, 3))!;

        Assert.That(Text(parts), Is.EqualTo("a 10→14 +4; b 4→3 +1"));
        Assert.That((parts.Before, parts.After, parts.Change, parts.Residual), Is.EqualTo((9m, 14m, 5m, 0m)));
        Assert.That(parts.ShareOf(parts.Parts[0].Amount), Is.EqualTo(0.8m));
    }

    [Test]
    public void A_product_is_taken_apart_by_the_logarithmic_mean()
    {
        var parts = Of("customers * arpa", ("customers", 100, 110), ("arpa", 50, 49))!;

        // L(5390, 5000) * ln(1.1) and * ln(0.98), computed outside.
        Assert.That(parts.Parts[0].Amount, Is.EqualTo(494.9037545m).Within(1e-6m));
        Assert.That(parts.Parts[1].Amount, Is.EqualTo(-104.9037545m).Within(1e-6m));
        Assert.That(parts.Parts.Sum(part => part.Amount), Is.EqualTo(390m));
    }

    [Test]
    public void A_quotient_is_moved_by_its_numerator_and_its_denominator()
    {
        var parts = Of("won / (won + lost)", ("won", 20, 30), ("lost", 60, 60))!;

        Assert.That(parts.Parts.Select(part => part.Text), Is.EqualTo((string[])["won", "lost"]));
        Assert.That((parts.Parts[0].Amount, parts.Parts[1].Amount), Is.EqualTo((30 / 90m - 20 / 80m, 0m)));
    }

    [TestCase("a * b", 0, 6, 5, 7, "36,6", Description = "from nothing: the mean of both orders")]
    [TestCase("a * b", -2, 3, 4, 4, "20,0")]
    [TestCase("a / b", 0, 6, 2, 3, "2.5,-0.5")]
    public void Where_a_factor_is_not_positive_the_orders_of_the_factors_are_averaged(string formula, int a0, int a1, int b0, int b1, string expected) =>
        Assert.That(
            string.Join(',', Of(formula, ("a", a0, a1), ("b", b0, b1))!.Parts.Select(part => part.Amount.ToString("0.######", CultureInfo.InvariantCulture))),
            Is.EqualTo(expected));

    [Test]
    public void What_drivers_do_not_explain_is_the_residual()
    {
        var parts = Decomposition.Of(Formula.Parse("a * b"), 100, 130, Leaves(("a", 10), ("b", 10)), Leaves(("a", 12), ("b", 10)))!;

        Assert.That((parts.Parts.Sum(part => part.Amount), parts.Residual), Is.EqualTo((20m, 10m)));
    }

    [Test]
    public void Movements_count_as_they_are_and_what_they_leave_is_shown()
    {
        var parts = Decomposition.OfMovements(Formula.Parse("won - lost"), 100, 107, Leaves(("won", 10), ("lost", 4)))!;

        Assert.That(parts.Parts, Is.EqualTo((Contribution[])[new("won", null, 10, 10), new("lost", null, 4, -4)]));
        Assert.That(parts.Residual, Is.EqualTo(1m));
    }

    [TestCase("a / b", 1, 1, 0, 1)]
    [TestCase("a / b", 1, 1, 1, 0)]
    [TestCase("a * b", null, 1, 1, 1)]
    public void What_has_no_value_cannot_be_taken_apart(string formula, int? a0, int? a1, int? b0, int? b1) =>
        Assert.That(Decomposition.Of(Formula.Parse(formula), 1, 2, Leaves(("a", a0), ("b", b0)), Leaves(("a", a1), ("b", b1))), Is.Null);

    [Test]
    public void Numbers_too_large_or_factors_too_many_are_not_taken_apart()
    {
        Assert.That(Of("a * a * a", ("a", 1e27m, 2e27m), whole: false), Is.Null);
        var many = string.Join(" * ", Enumerable.Range(0, 13).Select(i => $"x{i}"));
        Assert.That(Of(many, [.. Enumerable.Range(0, 13).Select(i => ($"x{i}", 1m, 2m))]), Is.Null);
    }

    [Test]
    public void The_parts_sum_to_the_whole_whatever_the_values() => Prop.ForAll(
        (from formula in Gen.Elements(Formulas) from values in Gen.ArrayOf(Any, 8) select (formula, values)).ToArbitrary(),
        one =>
        {
            if (Of(one.formula, Named(one.values)) is not { } parts)
                return;
            var scale = Math.Max(1, parts.Parts.Max(part => Math.Abs(part.Amount)));
            Assert.That(Math.Abs(parts.Parts.Sum(part => part.Amount) + parts.Residual - parts.Change) / scale, Is.LessThan(1e-9m), one.formula);
            Assert.That(parts.Residual, Is.Zero);
        }).QuickCheckThrowOnFailure();

    [TestCase("a * b / c", "b / c * a")]
    [TestCase("a * (b + c)", "(c + b) * a")]
    [TestCase("a - b - c + d", "d - (b + c - a)")]
    [TestCase("a / (b / c)", "a * c / b")]
    [TestCase("(a + b) / (c * d)", "(b + a) / c / d")]
    public void The_order_in_which_a_formula_is_written_makes_no_difference(string one, string other) => Prop.ForAll(
        Gen.ArrayOf(Any, 8).ToArbitrary(),
        values =>
        {
            var (left, right) = (Of(one, Named(values)), Of(other, Named(values)));

            // a / (b / c) has no value for a c of 0, and a * c / b has one.
            if (left is null || right is null)
                return;
            foreach (var part in left.Parts)
            {
                var amount = right.Parts.Single(twin => twin.Text == part.Text).Amount;
                Assert.That(part.Amount, Is.EqualTo(amount).Within(1e-9m * Math.Max(1, left.Parts.Max(all => Math.Abs(all.Amount)))), part.Text);
            }
        }).QuickCheckThrowOnFailure();

    [Test]
    public void There_and_back_the_parts_are_opposite() => Prop.ForAll(
        (from formula in Gen.Elements(Formulas) from values in Gen.ArrayOf(Positive, 8) select (formula, values)).ToArbitrary(),
        one =>
        {
            var named = Named(one.values);
            if (Of(one.formula, named) is not { } there || Of(one.formula, [.. named.Select(leaf => (leaf.Leaf, leaf.After, leaf.Before))]) is not { } back)
                return;
            var scale = Math.Max(1, there.Parts.Max(part => Math.Abs(part.Amount)));
            foreach (var (part, twin) in there.Parts.Zip(back.Parts))
                Assert.That(Math.Abs(part.Amount + twin.Amount) / scale, Is.LessThan(1e-9m), one.formula);
        }).QuickCheckThrowOnFailure();

    [TestCase(2, 2, 2)]
    [TestCase(1, 2.718281828459045, 1.718281828459045)]
    [TestCase(1, 1.000000001, 1.0000000005)]
    [TestCase(1000, 999.5, 999.7499791613)]
    public void The_logarithmic_mean_is_exact_for_near_and_far_numbers(double a, double b, double mean) =>
        Assert.That(Decomposition.LogMean(a, b), Is.EqualTo(mean).Within(1e-9 * mean));

    [Test]
    public void Five_parts_have_a_row_and_the_rest_stands_together()
    {
        var parts = Of("a + b + c + d + e + f + g", [.. "abcdefg".Select((leaf, i) => (leaf.ToString(), 0m, (decimal)((i * 3) % 7)))])!;

        Assert.That(parts.Rows.Select(row => $"{row.Text} {row.Amount}"), Is.EqualTo((string[])["b 3", "c 6", "d 2", "e 5", "g 4", "Other 2 1"]));
    }

    [Test]
    public void Segments_of_a_sum_add_their_own_changes()
    {
        var effects = SegmentEffects.OfSum("region", 100, 104,
            [new("EU", 60, 58), new("US", 40, 45), .. Enumerable.Range(1, 6).Select(i => new SegmentFigures($"X{i}", 0, i == 6 ? 1 : 0))]);

        Assert.That(effects.Rows.Take(3).Select(row => $"{row.Name} {row.Amount}"), Is.EqualTo((string[])["US 5", "EU -2", "X6 1"]));
        Assert.That(effects.Rows[^1], Is.EqualTo(new SegmentEffect("Other 3", true, null, null, 0, null, null)));
        Assert.That(effects.Residual, Is.Zero);
        Assert.That(effects.Reversed, Is.False);
    }

    [Test]
    public void Segments_that_all_fall_can_make_a_total_that_rises()
    {
        // Both regions convert worse, but the one that converts well has grown.
        var simpson = SegmentEffects.OfRatio("region", 0.2m, 0.3m, [new("EU", 10, 4.5m, 90, 50), new("US", 10, 25.5m, 10, 50)]);
        Assert.That(simpson!.Rows.Select(row => (row.Name, row.Before, row.After)), Is.EquivalentTo(
            ((string, decimal?, decimal?)[])[("US", 1m, 0.51m), ("EU", 10 / 90m, 0.09m)]));
        Assert.That((simpson.Change, simpson.Rate < 0, simpson.Mix > 0, simpson.Reversed), Is.EqualTo((0.1m, true, true, true)));
    }

    [Test]
    public void Rate_and_mix_of_the_segments_sum_to_the_change_of_the_ratio() => Prop.ForAll(
        (from count in Gen.Choose(1, 9) from values in Gen.ArrayOf(Gen.Choose(0, 1_000).Select(number => (decimal)number), 4 * count) select values).ToArbitrary(),
        values =>
        {
            // A segment without a denominator has nothing to divide.
            var segments = values.Chunk(4).Select((four, i) =>
                new SegmentFigures($"s{i}", four[2] == 0 ? 0 : four[0], four[3] == 0 ? 0 : four[1], four[2], four[3])).ToArray();
            if (segments.Sum(one => one.WeightBefore) == 0 || segments.Sum(one => one.WeightAfter) == 0)
                return;

            var before = segments.Sum(one => one.Before) / segments.Sum(one => one.WeightBefore);
            var after = segments.Sum(one => one.After) / segments.Sum(one => one.WeightAfter);
            var effects = SegmentEffects.OfRatio("region", before, after, segments)!;

            Assert.That(effects.Rows.Sum(row => row.Amount) + effects.Residual, Is.EqualTo(after - before).Within(1e-9m));
            Assert.That(Math.Abs(effects.Residual), Is.LessThan(1e-9m));
            Assert.That(effects.Rate + effects.Mix + effects.Residual, Is.EqualTo(after - before).Within(1e-9m));
            Assert.That(effects.Rows, Has.Count.LessThanOrEqualTo(SegmentEffects.MostRows + 1));

            var reversed = SegmentEffects.OfRatio("region", before, after, [.. segments.Reverse()])!;
            Assert.That(reversed.Rows.Select(row => row.Name), Is.EqualTo(effects.Rows.Select(row => row.Name)));
        }).QuickCheckThrowOnFailure();

    private static (string Leaf, decimal Before, decimal After)[] Named(decimal[] values) =>
        [.. "abcd".Select((name, i) => (name.ToString(), values[i], values[i + 4]))];

    private static Decomposition? Of(string formula, params (string Leaf, decimal Before, decimal After)[] leaves) => Of(formula, leaves, whole: true);

    private static Decomposition? Of(string formula, (string Leaf, decimal Before, decimal After) leaf, bool whole) => Of(formula, [leaf], whole);

    private static Decomposition? Of(string text, (string Leaf, decimal Before, decimal After)[] leaves, bool whole)
    {
        var formula = Formula.Parse(text);
        var (before, after) = (Leaves([.. leaves.Select(leaf => (leaf.Leaf, (decimal?)leaf.Before))]), Leaves([.. leaves.Select(leaf => (leaf.Leaf, (decimal?)leaf.After))]));
        foreach (var values in new[] { before, after })
        {
            if (values.TryGetValue("a", out var a) && values.TryGetValue("b", out var b))
                values["max(a, b)"] = Math.Max(a!.Value, b!.Value);
        }

        if (!whole)
            return Decomposition.Of(formula, 0, 0, before, after);
        return formula.Evaluate(id => before[id]) is { } then && formula.Evaluate(id => after[id]) is { } now
            ? Decomposition.Of(formula, then, now, before, after)
            : null;
    }

    private static Dictionary<string, decimal?> Leaves(params (string Leaf, decimal? Value)[] leaves) => leaves.ToDictionary(leaf => leaf.Leaf, leaf => leaf.Value);

    private static string Text(Decomposition parts) => string.Join("; ", parts.Parts.Select(part =>
        string.Create(CultureInfo.InvariantCulture, $"{part.Text} {part.Before:0.##}→{part.After:0.##} {part.Amount:+0.##;-0.##;0}")));
}
