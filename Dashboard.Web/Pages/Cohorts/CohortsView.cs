using Dashboard.Web.Pages.Metrics;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Charts;
using Metrics.Core.Periods;

namespace Dashboard.Web.Pages.Cohorts;

/// <summary>A cohort triangle in words, grounds and pictures.</summary>
/// <param name="Part">The metric that counts what is left of a cohort.</param>
public sealed record CohortsView(CohortTriangle Triangle, Metric Metric, Metric Part, ReportingCalendar Calendar, bool Numbers, IReadOnlyList<string> Asked)
{
    /// <summary>How many cohorts the chart draws by themselves.</summary>
    public const int MostLines = 5;

    private const int NewestLines = 3;

    // The age that the sentence is about: old enough to say something, young enough for most cohorts.
    private const int SpokenAge = 4;

    private readonly ValueFormat _share = new(Unit.Percent, "", Decimals: 1);
    private readonly ValueFormat _number = new(Part.Unit, Calendar.Settings.Currency);

    public string Word => Triangle.Grain.Name();

    public int Ages => Triangle.Rows.Max(row => row.Cells.Count);

    /// <summary>The largest share of a cohort that is older than its first period: it has the darkest ground.</summary>
    public decimal Darkest => Triangle.Rows.SelectMany(row => row.Cells).Where(cell => cell.Age > 0).Max(cell => cell.Value) is { } most and > 0 ? most : 1;

    /// <summary>The smallest of these shares: it has the lightest ground.</summary>
    public decimal Lightest => Triangle.Rows.SelectMany(row => row.Cells).Where(cell => cell.Age > 0).Min(cell => cell.Value) ?? 0;

    /// <summary>The newest period that is complete for every cohort; null where there is none.</summary>
    public string? NewestComplete => Triangle.Rows.SelectMany(row => row.Cells).Where(cell => cell.Complete).MaxBy(cell => cell.Period.Start) is { } cell
        ? Calendar.Label(Triangle.Grain, cell.Period)
        : null;

    public bool HasIncomplete => Triangle.Rows.Any(row => row.Cells.Any(cell => !cell.Complete));

    public string Size(decimal size) => new ValueFormat(_number.Unit, _number.Currency).Compact(size);

    public string Text(CohortCell cell) => Numbers ? _number.Compact(cell.Part) : _share.Compact(cell.Value);

    public string Text(decimal? share) => _share.Compact(share);

    public string Ground(CohortCell cell) => cell.Value is not { } share ? HeatMap.GroundOf(null)
        : HeatMap.GroundOf(Darkest > Lightest ? Math.Max(0.1, (double)((share - Lightest) / (Darkest - Lightest))) : 0.5);

    public string Title(CohortRow row, CohortCell cell) =>
        $"{Text(cell.Value)}, {_number.Compact(cell.Part)} of {Size(cell.Size)}: cohort {Calendar.Name(Triangle.Grain, row.Cohort)} in {Calendar.Name(Triangle.Grain, cell.Period)}{(cell.Complete ? "" : ", not over yet")}";

    /// <summary>The records behind a cell; null where nothing shows them.</summary>
    public string? WorkingOf(CohortRow row, CohortCell cell) => Part.Model is null ? null : WorkingAddress.For(
        Part.Id, Triangle.Grain, Calendar.Key(Triangle.Grain, cell.Period), [KeyValuePair.Create(CohortTriangle.Dimension, $"{row.Cohort.Start:yyyy-MM-dd}")]);

    public string Key(CohortRow row) => Calendar.Key(Triangle.Grain, row.Cohort);

    /// <summary>The cohorts that the chart draws by themselves: those asked for, or the newest that have an age to show.</summary>
    public IReadOnlyList<CohortRow> Lines
    {
        get
        {
            CohortRow[] asked = [.. Triangle.Rows.Where(row => Asked.Contains(Key(row))).Take(MostLines)];
            return asked.Length > 0 ? asked : [.. Triangle.Rows.Where(row => row.Cells.Count(cell => cell.Complete) > 2).TakeLast(NewestLines)];
        }
    }

    /// <summary>What the triangle says, as a sentence: how much is left at an age, on average and of the best and the weakest cohort.</summary>
    public string Message
    {
        get
        {
            if (Triangle.Curve.LastOrDefault(one => one is { Value: not null, Age: > 0 and <= SpokenAge }) is not { } average)
                return $"{Metric.Name}: no cohort is a whole {Word} old yet.";

            var cells = Triangle.Rows.Select(row => (Row: row, Cell: row.Cells.FirstOrDefault(cell => cell.Age == average.Age && cell.Complete)))
                .Where(pair => pair.Cell?.Value is not null).ToArray();
            var (best, weakest) = (cells.MaxBy(pair => pair.Cell!.Value), cells.MinBy(pair => pair.Cell!.Value));
            var age = average.Age == 1 ? $"1 {Word}" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{average.Age} {Word}s");
            return $"{Metric.Name}: {Text(average.Value)} after {age} on average"
                + (cells.Length > 1 ? $", from {Text(weakest.Cell!.Value)} ({weakest.Row.Name}) to {Text(best.Cell!.Value)} ({best.Row.Name})." : ".");
        }
    }

    public string Chart(ChartSize size) => RetentionCurve.Draw(
        new CohortLine("Average", [.. Triangle.Curve.Select(one => one.Value)]),
        [.. Enumerable.Range(0, Ages).Select(Range)],
        [.. Lines.Select(row => new CohortLine(row.Name, [.. row.Cells.Select(cell => cell.Value)], row.Cells.Count(cell => !cell.Complete)))],
        _share, $"{Message} The table below has the values.", size);

    private (decimal Low, decimal High)? Range(int age)
    {
        decimal[] values = [.. Triangle.Rows.SelectMany(row => row.Cells).Where(cell => cell.Age == age && cell.Complete).Select(cell => cell.Value).OfType<decimal>()];
        return values.Length == 0 ? null : (values.Min(), values.Max());
    }
}
