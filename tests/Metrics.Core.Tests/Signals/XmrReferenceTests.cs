using System.Text.Json;
using Metrics.Core.Signals;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Signals;

/// <summary>Limits and rules against figures that were published or computed elsewhere.</summary>
public sealed class XmrReferenceTests
{
    private const decimal Tolerance = 1e-9m;

    [TestCase("nist_flowrate")]
    [TestCase("montgomery_viscosity")]
    [TestCase("xmrit_default_16")]
    [TestCase("nile")]
    public void Limits_and_flags_are_those_of_the_reference(string series)
    {
        var entry = Read("xmr/xmr.expected.json").GetProperty(series);

        Check(Values(entry.GetProperty("values")), entry.GetProperty("expected"));
    }

    [Test]
    public void A_phase_has_limits_and_flags_of_its_own()
    {
        var entry = Read("xmr/xmr.expected.json").GetProperty("nile");
        var (values, split) = (Values(entry.GetProperty("values")), entry.GetProperty("split_at"));
        var at = split.GetProperty("first_index_of_second_phase").GetInt32();

        Check(values[..at], split.GetProperty("phase1"));
        Check(values[at..], split.GetProperty("phase2"));
    }

    [TestCase("nist_flowrate", 45.8159, 55.8041)]
    [TestCase("montgomery_viscosity", 32.24484, 34.80183)]
    public void Limits_are_the_published_ones_but_for_their_constant(string series, double lower, double upper)
    {
        var limits = ProcessLimits.Of(Values(Read("xmr/xmr.expected.json").GetProperty(series).GetProperty("values")))!;

        Assert.That((double)limits.Lower, Is.EqualTo(lower).Within(1e-3));
        Assert.That((double)limits.Upper, Is.EqualTo(upper).Within(1e-3));
    }

    [Test]
    public void The_golden_vector_gives_its_limits_and_one_point_outside_with_its_move()
    {
        decimal?[] values = [5045, 4350, 4350, 3975, 4290, 4430, 4485, 4285, 3980, 3925, 3645, 3760, 3300, 3685, 3463, 5200];

        var limits = ProcessLimits.Of(values)!;

        Assert.That(
            new[] { limits.Center, limits.Range, limits.Upper, limits.Lower, limits.UpperRange, limits.UpperQuartile, limits.LowerQuartile }
                .Select(figure => decimal.Round(figure, 4)),
            Is.EqualTo(new[] { 4135.5m, 355.9333m, 5082.2827m, 3188.7173m, 1163.1901m, 4608.8913m, 3662.1087m }));
        Assert.That(SignalDetector.All(values, limits), Is.EqualTo(new[]
        {
            new SignalFlag(15, SignalRule.OutsideLimits, Side.Above, 15), new SignalFlag(15, SignalRule.WideMove, Side.Above, 14),
        }));
        Assert.That(SignalDetector.Newest(values, limits)!.Value.Rule, Is.EqualTo(SignalRule.OutsideLimits));
    }

    [Test]
    public void The_weighted_mean_is_that_of_the_handbook()
    {
        var entry = Read("xmr/xmr.expected.json").GetProperty("nist_ewma");
        var expected = entry.GetProperty("expected");

        var drift = Drift.Of(Values(entry.GetProperty("values")), 50, 2.0539m, 0.3m, 3);

        Assert.That(drift.Means, Is.EqualTo(Values(expected.GetProperty("ewma"))).Within(Tolerance));
        Assert.That(drift.Upper, Is.EqualTo(expected.GetProperty("ucl").GetDecimal()).Within(Tolerance));
        Assert.That(drift.Lower, Is.EqualTo(expected.GetProperty("lcl").GetDecimal()).Within(Tolerance));
        Assert.That(drift.Side, Is.Null);
    }

    [Test]
    public void Seasonal_relatives_and_the_limits_without_the_season_are_those_of_the_reference()
    {
        var entry = Read("xmr/seasonal.expected.json").GetProperty("nottem");
        var values = Values(entry.GetProperty("values"));

        var season = Seasonality.Find(values, 12)!;
        decimal?[] without = [.. values.Select((value, i) => value / season.At(i))];
        var limits = ProcessLimits.Of(without)!;

        Assert.That(season.Relatives, Is.EqualTo(Values(entry.GetProperty("factors"))).Within(1e-9m));
        Assert.That(without, Is.EqualTo(Values(entry.GetProperty("deseasonalised"))).Within(1e-9m));
        Near(limits.Center, entry, "mean");
        Near(limits.Range, entry, "avg_mr");
        Near(limits.Upper, entry, "unpl");
        Near(limits.Lower, entry, "lnpl");
        Assert.That(
            SignalDetector.All(without, limits).Where(flag => flag.Rule == SignalRule.OutsideLimits).Select(flag => flag.At),
            Is.EqualTo(Indices(entry, "rule1_index")));
    }

    [TestCase("rivers")]
    [TestCase("precip")]
    public void Robust_outliers_fences_and_quantiles_are_those_of_the_reference(string series)
    {
        var entry = Read("anomaly/robust.expected.json").GetProperty(series);
        decimal[] values = [.. Values(entry.GetProperty("values")).Select(value => value!.Value)];

        var scores = Outliers.ModifiedZ(values);
        var (low, high) = Outliers.Fences(values);

        Assert.That(scores, Is.EqualTo(entry.GetProperty("modified_z").EnumerateArray().Select(one => one.GetDouble())).Within(1e-9));
        Assert.That(Places(score => Math.Abs(score) > Outliers.FarAway), Is.EqualTo(Indices(entry, "outlier_index_abs_gt_3.5")));
        Assert.That(
            Enumerable.Range(0, values.Length).Where(i => values[i] < low || values[i] > high), Is.EqualTo(Indices(entry, "tukey_outlier_index")));
        Assert.That(
            new[] { 0.5m, 0.9m, 0.95m, 0.99m }.Select(share => Outliers.QuantileOf(values, share)),
            Is.EqualTo(Values(entry.GetProperty("percentile_p50_p90_p95_p99_type7"))).Within(1e-9m));

        IEnumerable<int> Places(Predicate<double> isFar) => Enumerable.Range(0, scores.Count).Where(i => isFar(scores[i]));
    }

    private static void Check(decimal?[] values, JsonElement expected)
    {
        var limits = ProcessLimits.Of(values)!;
        var median = ProcessLimits.Of(values, LimitMethod.Median)!;
        Near(limits.Center, expected, "mean");
        Near(limits.Range, expected, "avg_mr");
        Near(limits.Upper, expected, "unpl");
        Near(limits.Lower, expected, "lnpl");
        Near(limits.UpperRange, expected, "url");
        Near(limits.UpperQuartile, expected, "upper_quarter_line");
        Near(limits.LowerQuartile, expected, "lower_quarter_line");
        Near(median.Range, expected, "median_mr");
        Near(median.Upper, expected, "unpl_median_mr");
        Near(median.Lower, expected, "lnpl_median_mr");
        Near(median.UpperRange, expected, "url_median_mr");
        var flags = SignalDetector.All(values, limits).ToLookup(flag => flag.Rule, flag => flag.At);
        Assert.That(flags[SignalRule.OutsideLimits], Is.EqualTo(Indices(expected, "rule1_points")));
        Assert.That(flags[SignalRule.ThreeOfFour], Is.EqualTo(Indices(expected, "rule2_window_end")));
        Assert.That(flags[SignalRule.RunOfEight], Is.EqualTo(Indices(expected, "rule3_window_end")));
        Assert.That(flags[SignalRule.WideMove], Is.EqualTo(Indices(expected, "mr_above_url")));
    }

    private static void Near(decimal actual, JsonElement expected, string name) =>
        Assert.That(actual, Is.EqualTo(expected.GetProperty(name).GetDecimal()).Within(Tolerance), name);

    private static IEnumerable<int> Indices(JsonElement entry, string name) => entry.GetProperty(name).EnumerateArray().Select(one => one.GetInt32());

    private static decimal?[] Values(JsonElement array) => [.. array.EnumerateArray().Select(one => (decimal?)one.GetDecimal())];

    private static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(Reference.File(file))).RootElement;
}
