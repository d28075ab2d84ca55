using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Boards;

/// <summary>One cohort at one age.</summary>
/// <param name="Age">How many periods after its own; the own is 0.</param>
/// <param name="Part">What of the cohort counts in the period.</param>
/// <param name="Size">The whole cohort.</param>
/// <param name="Complete">Whether the period has ended for everybody in it and is known in full.</param>
public sealed record CohortCell(int Age, Period Period, decimal Part, decimal Size, bool Complete)
{
    /// <summary>The share of the cohort, a fraction; null of an empty one.</summary>
    public decimal? Value => Size == 0 ? null : Part / Size;
}

/// <summary>A cohort with its cells, youngest age first; ages that are not known yet are missing.</summary>
/// <param name="Name">The name of the cohort's period.</param>
public sealed record CohortRow(Period Cohort, string Name, decimal Size, IReadOnlyList<CohortCell> Cells);

/// <summary>Cohorts at one age together, weighted by their size; only those whose cell of that age is complete.</summary>
/// <param name="Cohorts">How many cohorts have reached the age.</param>
public sealed record CohortAverage(int Age, decimal? Value, int Cohorts);

/// <summary>A cohort triangle of a share: rows are cohorts, columns their age in periods (KPIS §1.3).</summary>
/// <param name="Rows">The newest cohorts, oldest first.</param>
/// <param name="YearBefore">The cohorts of the same periods a year before, as far as there were any.</param>
public sealed record CohortTriangle(Grain Grain, IReadOnlyList<CohortRow> Rows, IReadOnlyList<CohortRow> YearBefore)
{
    /// <summary>The dimension that names a cohort by the first day of its period.</summary>
    public const string Dimension = "cohort";

    /// <summary>How many cohorts are shown.</summary>
    public const int MostRows = 13;

    /// <summary>The retention curve of the cohorts that are shown.</summary>
    public IReadOnlyList<CohortAverage> Curve => CurveOf(Rows);

    /// <summary>The retention curve of the cohorts of the year before, at the same ages.</summary>
    public IReadOnlyList<CohortAverage> CurveYearBefore => [.. CurveOf(YearBefore).Take(Curve.Count)];

    /// <summary>Whether a triangle can be made of a metric: a share of two metrics that are known by cohort.</summary>
    public static bool IsOf(MetricCatalog catalog, Metric metric) =>
        metric.Formula is { Metrics.Count: 2 } && metric.Unit == Unit.Percent && catalog.DimensionsOf(metric).Contains(Dimension);

    /// <summary>The triangle of a metric; null where <see cref="IsOf"/> says that there is none, or nothing is known.</summary>
    /// <param name="last">The newest period that is looked at.</param>
    /// <exception cref="MetricQueryException">The metric is not known by that grain.</exception>
    public static async Task<CohortTriangle?> ReadAsync(
        MetricReader reader, ReportingCalendar calendar, MetricCatalog catalog, Metric metric, Grain grain, Period last, CancellationToken cancellationToken)
    {
        if (!IsOf(catalog, metric))
            return null;

        var oldest = calendar.Shift(grain, last, 1 - MostRows);
        var first = calendar.YearAgo(grain, oldest);
        var periods = calendar.Covering(grain, first.Start, last.End);
        var reading = reader.Over(calendar, catalog, new Period(first.Start, last.End));
        var (parts, sizes) = (await FiguresAsync(metric.Formula!.Metrics[0]), await FiguresAsync(metric.Formula.Metrics[1]));
        var rows = periods.Select(cohort => RowOf(calendar, grain, cohort, periods, parts, sizes)).OfType<CohortRow>().ToArray();
        var shown = rows.Where(row => row.Cohort.Start >= oldest.Start).ToArray();
        if (shown.Length == 0)
            return null;

        var yearBefore = shown.Select(row => calendar.YearAgo(grain, row.Cohort)).ToHashSet();
        return new CohortTriangle(grain, shown, [.. rows.Where(row => yearBefore.Contains(row.Cohort))]);

        async Task<Dictionary<string, Dictionary<Period, PeriodValue>>> FiguresAsync(string id)
        {
            var series = await reading.ReadAsync(
                new MetricQuery { Metric = catalog[id], Grain = grain, Periods = periods, By = [Dimension] }, cancellationToken);
            return series.ToDictionary(one => one.Segment[Dimension]!, one => one.Values.ToDictionary(value => value.Period));
        }
    }

    /// <summary>Some cohorts together, age by age.</summary>
    public static IReadOnlyList<CohortAverage> CurveOf(IReadOnlyCollection<CohortRow> rows)
    {
        var ages = rows.Select(row => row.Cells.Count).DefaultIfEmpty().Max();
        return
        [
            .. Enumerable.Range(0, ages).Select(age =>
            {
                CohortCell[] cells = [.. rows.SelectMany(row => row.Cells).Where(cell => cell.Age == age && cell is { Complete: true, Size: > 0 })];
                return new CohortAverage(age, cells.Length == 0 ? null : cells.Sum(cell => cell.Part) / cells.Sum(cell => cell.Size), cells.Length);
            }),
        ];
    }

    private static CohortRow? RowOf(
        ReportingCalendar calendar, Grain grain, Period cohort, IReadOnlyList<Period> periods,
        Dictionary<string, Dictionary<Period, PeriodValue>> parts, Dictionary<string, Dictionary<Period, PeriodValue>> sizes)
    {
        var name = cohort.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (!sizes.TryGetValue(name, out var size) || size.GetValueOrDefault(cohort)?.Value is not { } whole || whole <= 0)
            return null;

        var part = parts.GetValueOrDefault(name) ?? [];
        var cells = new List<CohortCell>();
        foreach (var period in periods.Where(period => period.Start >= cohort.Start))
        {
            if (part.GetValueOrDefault(period) is not { Value: { } counted } of || size.GetValueOrDefault(period) is not { Value: { } all } from)
                break;
            cells.Add(new CohortCell(cells.Count, period, counted, all, of.Complete && from.Complete));
        }

        return cells.Count == 0 ? null : new CohortRow(cohort, calendar.ShortLabel(grain, cohort), whole, cells);
    }
}
