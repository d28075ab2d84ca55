using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Models;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>What a model computes for a metric, in words.</summary>
/// <param name="RecordTypes">From records of which types.</param>
public sealed record ComputedMeasure(
    Metric Metric, string Model, string Name, bool IsPerPeriod, IReadOnlyList<string> RecordTypes, IReadOnlyList<ComputedMeasure.Chosen> Choices)
{
    /// <param name="origin">Of a metric that a model fills.</param>
    public static ComputedMeasure Of(Origin origin)
    {
        var measure = origin.Model.Measures.First(measure => measure.Name == origin.Metric.Measure);
        return new ComputedMeasure(
            origin.Metric, origin.Model.Name, measure.Name, measure.IsPerPeriod, measure.RecordTypes ?? origin.Model.RecordTypes,
            [.. measure.With.Select(choice => Chosen.Of(choice, origin.Metric))]);
    }

    /// <summary>What a metric chose of what its measure leaves open.</summary>
    /// <param name="Meaning">What the value means; empty where it speaks for itself.</param>
    public sealed record Chosen(string Name, string Value, string Description, string Meaning, bool IsDefault)
    {
        internal static Chosen Of(Choice choice, Metric metric)
        {
            var value = choice.Of(metric);
            var meaning = choice.MeaningOf(value);
            return new Chosen(choice.Name, value, choice.Description, meaning == value ? "" : meaning, !metric.With.ContainsKey(choice.Name));
        }
    }
}
