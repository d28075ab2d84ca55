using Metrics.Core.Catalog;
using Metrics.Core.Models;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;

namespace Metrics.Core.Tests.Models;

/// <summary>What a model makes of some records, asked for point by point.</summary>
internal sealed class ModelFigures
{
    public ModelFigures(IRecordModel model, IReadOnlyList<Metric> metrics, IEnumerable<object> bodies, ModelContext? context = null,
        string before = "2027-01-01")
    {
        var run = model.Start((context ?? new ModelContext(Some.Calendar(), [], Some.Day(before))) with { Metrics = metrics });
        foreach (var record in Company.Records(bodies))
            run.Add(record);
        Result = run.Finish();
    }

    public ModelResult Result { get; }

    /// <summary>The warnings as "code rows left-out", by code.</summary>
    public IEnumerable<string> Warnings =>
        Result.Warnings.Select(warning => $"{warning.Code} {warning.Rows}{(warning.LeftOut ? " left out" : "")}");

    /// <summary>Everything that a metric's points of a grain and segment come to.</summary>
    public decimal Sum(string metric, Grain grain = Grain.Day, params (string, string)[] segment) =>
        Points(metric, grain, segment).Sum(point => Rollup.Exact(point.Value));

    /// <summary>The point of a day; null where there is none.</summary>
    public decimal? At(string metric, string day, Grain grain = Grain.Day, params (string, string)[] segment)
    {
        var points = Points(metric, grain, segment).Where(point => point.Day == Some.Day(day)).ToArray();
        return points.Length == 0 ? null : Rollup.Exact(points.Single().Value);
    }

    private IEnumerable<Point> Points(string metric, Grain grain, (string, string)[] segment) => Result.Outputs
        .Where(output => output.Metric == metric && output.Grain == grain)
        .SelectMany(output => output.Series)
        .Where(series => series.Key.Segment.Equals(Segment.Of(segment)))
        .SelectMany(series => series.Points);
}
