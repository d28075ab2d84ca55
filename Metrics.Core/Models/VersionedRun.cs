using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Models;

/// <summary>
/// Computes a model by every version of its definition, each over all records, and takes from each the points of its own days. So a
/// movement on a version's first day compares two days of that version, and no change of definition looks like a change of business.
/// </summary>
public sealed class VersionedRun : IModelRun
{
    private readonly IReadOnlyList<(VersionDays Days, IModelRun Run)> _runs;

    private VersionedRun(IReadOnlyList<(VersionDays Days, IModelRun Run)> runs) => _runs = runs;

    /// <summary>Starts a computation by some versions; of one version alone it is the model's own.</summary>
    /// <param name="versions">Not empty.</param>
    public static IModelRun Start(IRecordModel model, ModelContext context, IReadOnlyList<DefinitionVersion> versions)
    {
        // A version that begins where nothing is known yet has no points.
        var days = VersionDays.Of(versions).Where(one => one.From < context.CompleteThrough).ToArray();
        return days is [var only]
            ? model.Start(context with { Choices = only.Version.Choices })
            : new VersionedRun([.. days.Select(one => (one, model.Start(context with { Choices = one.Version.Choices })))]);
    }

    public void Add(Records.StoredRecord record)
    {
        foreach (var (_, run) in _runs)
            run.Add(record);
    }

    public ModelResult Finish()
    {
        ModelResult[] results = [.. _runs.Select(one => one.Run.Finish())];
        var outputs = results.SelectMany((result, i) => result.Outputs.Select(output => (output, _runs[i].Days)))
            .GroupBy(pair => (pair.output.Metric, pair.output.Grain))
            .Select(same => new ModelOutput(same.Key.Metric, same.Key.Grain, [.. Merged(same.Select(pair => (pair.output.Series, pair.Days)))])
            {
                Within = Shared(same.Select(pair => pair.output.Within)),
            });
        return new ModelResult(results.Min(result => result.DataFrom), [.. outputs])
        {
            Warnings = [.. results.SelectMany(result => result.Warnings).GroupBy(warning => (warning.Code, warning.Sentence)).Select(same => same.First())],
        };
    }

    /// <summary>The days that every version replaces; points of others are no answer of all of them.</summary>
    private static Period? Shared(IEnumerable<Period?> within) => within.Aggregate((a, b) =>
        a is null ? b : b is null ? a : new Period(a.Start > b.Start ? a.Start : b.Start, a.End < b.End ? a.End : b.End));

    private static IEnumerable<SeriesPoints> Merged(IEnumerable<(IReadOnlyList<SeriesPoints> Series, VersionDays Days)> parts) => parts
        .SelectMany(part => part.Series, (part, series) => (series.Key, Points: series.Points.Where(point => part.Days.Contains(point.Day))))
        .GroupBy(part => part.Key)
        .Select(same => new SeriesPoints(same.Key, [.. same.SelectMany(part => part.Points)]));
}
