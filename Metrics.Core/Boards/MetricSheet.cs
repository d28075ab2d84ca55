using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Boards;

/// <summary>One period of a metric with what it is compared with.</summary>
/// <param name="Key">The period as addresses spell it.</param>
/// <param name="Label">The period's name for people.</param>
/// <param name="ShortLabel">The same where space is short.</param>
public sealed record SheetRow(string Key, string Label, string ShortLabel, PeriodValue Value, PeriodValue YearAgo, Delta? Change, Delta? YearChange);

/// <summary>Everything that is known about the values of one metric at one grain.</summary>
public sealed record MetricSheet
{
    public required Metric Metric { get; init; }

    public required Grain Grain { get; init; }

    public required ValueFormat Format { get; init; }

    /// <summary>The grains it is known by.</summary>
    public required IReadOnlyList<Grain> Grains { get; init; }

    public required IReadOnlyList<string> Dimensions { get; init; }

    /// <summary>The days for which it is known; null where there are none.</summary>
    public Period? Known { get; init; }

    /// <summary>Why it cannot be shown at this grain or by this dimension; null where it can.</summary>
    public string? Reason { get; init; }

    /// <summary>Its periods, newest first; empty where there are none.</summary>
    public IReadOnlyList<SheetRow> Rows { get; init; } = [];

    public Breakdown? Breakdown { get; init; }

    /// <summary>The moment as of which everything is shown as it was known; null for now.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>How a column of its values is written: with one scale.</summary>
    public ValueFormat ColumnFormat => Format.ForColumn(Rows.SelectMany(row => (decimal?[])[row.Value.Value, row.YearAgo.Value]));

    /// <summary>What the newest complete period says, as a sentence: "MRR: $2.46M in W46 2026, up 1.2 percent on the week before …".</summary>
    public string Message => Newest is { } newest
        ? $"{Metric.Name}: {Format.Compact(newest.Value.Value)} in {newest.Label}"
            + $"{Compared(newest.Change, Grain.Name() + " before")}{Compared(newest.YearChange, "year before")}."
        : $"{Metric.Name}: no complete {Grain.Name()} yet.";

    /// <summary>The newest complete period, which headlines are about; null where there is none.</summary>
    public SheetRow? Newest => Rows.FirstOrDefault(row => row.Value.Complete);

    private string Compared(Delta? delta, string with) => delta is null ? "" : $", {delta.InWords(Format)} on the {with}";
}

/// <summary>Computes the sheet of a metric.</summary>
public sealed class MetricSheetBuilder(MetricReader reader, KnownDays knownDays, TimeProvider clock)
{
    /// <summary>The sheet of now at a grain, broken down by a dimension where <paramref name="by"/> names one.</summary>
    public Task<MetricSheet> BuildAsync(
        ReportingCalendar calendar, MetricCatalog catalog, Metric metric, Grain grain, string? by, CancellationToken cancellationToken) =>
        BuildAsync(calendar, catalog, metric, grain, by, null, cancellationToken);

    /// <summary>The sheet as it was known at a moment: values, completeness and comparisons; null for now.</summary>
    public async Task<MetricSheet> BuildAsync(
        ReportingCalendar calendar, MetricCatalog catalog, Metric metric, Grain grain, string? by, DateTimeOffset? asOf,
        CancellationToken cancellationToken)
    {
        var finest = catalog.StoredInputs(metric).Max(input => input.NativeGrain);
        var sheet = new MetricSheet
        {
            Metric = metric,
            Grain = grain,
            Format = new ValueFormat(metric.Unit, calendar.Settings.Currency),
            Grains = [.. Enum.GetValues<Grain>().Where(one => one >= finest && (finest != Grain.Week || one == Grain.Week))],
            Dimensions = catalog.DimensionsOf(metric),
            Known = await knownDays.ReadAsync(calendar, catalog, metric, grain, asOf, cancellationToken),
            AsOf = asOf,
        };
        if (sheet.Known is not { } known)
            return sheet;

        try
        {
            sheet = sheet with { Rows = await RowsAsync(calendar, catalog, sheet, known, cancellationToken) };
            if (by is not null && sheet.Rows.Count > 0)
                sheet = sheet with { Breakdown = await Breakdown.ReadAsync(reader, calendar, catalog, sheet, by, cancellationToken) };
            return sheet;
        }
        catch (MetricQueryException cannot)
        {
            return sheet with { Reason = cannot.Message };
        }
    }

    /// <summary>How many periods of a grain a person looks back over.</summary>
    public static int LookBack(Grain grain) => grain switch
    {
        Grain.Day => 62,
        Grain.Week => 53,
        Grain.Month => 36,
        Grain.Quarter => 20,
        _ => 12,
    };

    private async Task<IReadOnlyList<SheetRow>> RowsAsync(
        ReportingCalendar calendar, MetricCatalog catalog, MetricSheet sheet, Period known, CancellationToken cancellationToken)
    {
        var (metric, grain) = (sheet.Metric, sheet.Grain);
        var running = calendar.Containing(grain, calendar.DayOf(sheet.AsOf ?? clock.GetUtcNow()));
        var last = calendar.Containing(grain, known.End > running.End ? running.Start : known.LastDay);
        var first = calendar.Shift(grain, last, -LookBack(grain));
        var all = calendar.Covering(grain, first.Start, last.End);
        var begins = calendar.Containing(grain, known.Start).Start;
        var periods = all.Where(period => period.Start >= begins).ToArray();

        var query = new MetricQuery { Metric = metric, Grain = grain, Periods = periods, AsOf = sheet.AsOf };
        var values = (await reader.ReadAsync(calendar, catalog, query, cancellationToken))[0].Values;
        var before = query with { Periods = [.. periods.Select(period => calendar.YearAgo(grain, period))] };
        var yearAgo = (await reader.ReadAsync(calendar, catalog, before, cancellationToken))[0].Values;

        // One period more than is shown was read, so that the oldest row has something to be compared with.
        var rows = periods.Select((period, i) => new SheetRow(
            calendar.Key(grain, period), calendar.Label(grain, period), calendar.ShortLabel(grain, period), values[i], yearAgo[i],
            i == 0 ? null : Delta.Between(metric, values[i - 1], values[i]), Delta.Between(metric, yearAgo[i], values[i])));
        return [.. rows.Skip(periods.Length > LookBack(grain) ? 1 : 0).Reverse()];
    }
}
