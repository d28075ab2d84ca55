using Metrics.Core.Catalog;
using Metrics.Core.Models;
using Metrics.Core.Models.Revenue;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;

namespace Metrics.Core.Tests.Models.Revenue;

/// <summary>What the model of recurring revenue makes of some records, up to the end of March 2026, in US dollars.</summary>
internal sealed class RevenueFigures
{
    public const string Through = "2026-04-01";

    public static readonly IReadOnlyList<Metric> Metrics =
    [
        .. new RevenueModel().Measures.Select(one => one.Name).Select(measure => new Metric
        {
            Id = measure,
            Name = measure,
            Unit = RevenueMeasures.Counts(measure) ? Unit.Count : Unit.Currency,
            Model = "revenue." + measure,
            OverTime = RevenueMeasures.Stocks.Contains(measure) ? OverTime.Last : RevenueMeasures.Daily.Contains(measure) ? OverTime.Sum : OverTime.None,
            OverSegments = OverSegments.None,
            NativeGrain = RevenueMeasures.Daily.Contains(measure) ? Grain.Day : Grain.Week,
            Dimensions = RevenueMeasures.Cohorts.Contains(measure) ? [RevenueMeasures.CohortDimension] : ["plan", "region"],
        }),
    ];

    private readonly Dictionary<SeriesKey, Dictionary<DateOnly, double>> _points;

    private RevenueFigures(ModelResult result)
    {
        Result = result;
        _points = result.Outputs.SelectMany(output => output.Series)
            .ToDictionary(series => series.Key, series => series.Points.ToDictionary(point => point.Day, point => point.Value));
    }

    public ModelResult Result { get; }

    /// <summary>Choices as "discounts recurring, tax included"; empty for those that ship.</summary>
    public static RevenueFigures Of(string choices, params IEnumerable<object> bodies) => Of(
        choices.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split(' ')).ToDictionary(pair => pair[0], pair => pair[1]), bodies);

    public static RevenueFigures Of(IReadOnlyDictionary<string, string> choices, IEnumerable<object> bodies)
    {
        var run = new RevenueModel().Start(new ModelContext(Some.Calendar(), Metrics, Some.Day(Through)) { Choices = choices });
        foreach (var record in Company.Records(bodies))
            run.Add(record);
        return new RevenueFigures(run.Finish());
    }

    /// <summary>A subscription; <paramref name="days"/> as "2026-01-05..2026-02-01", open without an end.</summary>
    public static Dictionary<string, object> Sub(string customer, string days, decimal amount, params (string Field, object Value)[] more)
    {
        var (start, end) = days.Split("..") is [var from, var to] ? (from, to) : (days, "");
        var body = new Dictionary<string, object> { ["customer"] = customer, ["start"] = start, ["amount"] = amount, ["plan"] = "Pro", ["region"] = "EU" };
        if (end.Length > 0)
            body["end"] = end;
        foreach (var (field, value) in more)
            body[field] = value;
        return body;
    }

    public static object Payment(string customer, string day, string status, decimal amount = 10, string currency = "USD") =>
        new { payment = day, customer, at = day, status, amount, currency };

    /// <summary>The total on a day, or for the period of a grain that starts on it; null where it has no point.</summary>
    public decimal? At(string measure, string day, Grain grain = Grain.Day) => On(Segment.Total, measure, Some.Day(day), grain);

    public decimal? On(Segment segment, string measure, DateOnly day, Grain grain = Grain.Day) =>
        _points.TryGetValue(new SeriesKey(measure, grain, segment), out var days) && days.TryGetValue(day, out var value) ? (decimal)value : null;

    public decimal Sum(Segment segment, string measure, Period period) =>
        _points.TryGetValue(new SeriesKey(measure, Grain.Day, segment), out var days) ? days.Where(day => period.Contains(day.Key)).Sum(day => (decimal)day.Value) : 0;

    public IEnumerable<Segment> Segments(string measure) => _points.Keys.Where(key => key.Metric == measure).Select(key => key.Segment).Distinct();

    /// <summary>All points of the total of some measures as lines such as <c>01-05 new 100</c>, by day and name.</summary>
    public string[] Lines(params string[] measures) =>
    [
        .. _points.Where(series => measures.Contains(series.Key.Metric) && series.Key.Segment.IsTotal && series.Key.Grain == Grain.Day)
            .SelectMany(series => series.Value, (series, point) => (point.Key, series.Key.Metric, point.Value))
            .OrderBy(line => line.Key).ThenBy(line => line.Metric, StringComparer.Ordinal)
            .Select(line => FormattableString.Invariant($"{line.Key:MM-dd} {line.Metric} {line.Value}")),
    ];

    /// <summary>The movements of MRR and of customers, fx included.</summary>
    public string[] Moves => Lines([.. RevenueMeasures.Movements, "fx", .. RevenueMeasures.CustomerMovements]);

    /// <summary>The warnings as "code rows".</summary>
    public string[] Warned => [.. Result.Warnings.Select(warning => $"{warning.Code} {warning.Rows}")];
}
