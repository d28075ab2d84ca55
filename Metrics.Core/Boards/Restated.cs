using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Boards;

/// <summary>A point of a metric, or of one that its formula reads, that changed or came late.</summary>
/// <param name="Old">The value before; null where the point had not been known.</param>
/// <param name="New">The value after; null where the point was removed.</param>
/// <param name="Sync">Which sync changed it; null for a point that came late, of which the store knows only when.</param>
public sealed record PointChange(Metric Metric, DateOnly Day, Segment Segment, decimal? Old, decimal? New, DateTimeOffset At, string? Sync);

/// <summary>A period whose value is another now than it was once.</summary>
/// <param name="Label">The period's name.</param>
/// <param name="Since">The moment of <paramref name="Then"/>: the one that was asked for, or when the period first was complete.</param>
/// <param name="Changes">What changed, newest first; at most <see cref="Restated.MostChanges"/>.</param>
/// <param name="More">How many changes are left out.</param>
public sealed record RestatedPeriod(
    string Key, string Label, DateTimeOffset Since, decimal? Then, decimal? Now, IReadOnlyList<PointChange> Changes, int More)
{
    public decimal? Difference => Now - Then;
}

/// <summary>The periods of a sheet that were restated, newest first.</summary>
/// <param name="Earlier">How many restated periods before these were not looked into.</param>
public sealed record Restated(IReadOnlyList<RestatedPeriod> Periods, int Earlier)
{
    public const int MostPeriods = 12;

    public const int MostChanges = 20;
}

/// <summary>Finds out what a sheet once said otherwise: since a moment, or since its periods first were complete.</summary>
public sealed class RestatedReader(MetricReader reader, ISeriesStore series, IWatermarkStore watermarks)
{
    /// <summary>
    /// Of a sheet as of a moment, the periods that were complete then and have another value now. Of a sheet of now, the periods that
    /// changed after they first were complete. A running period that went on is in neither.
    /// </summary>
    public async Task<Restated> ReadAsync(ReportingCalendar calendar, MetricCatalog catalog, MetricSheet sheet, CancellationToken cancellationToken)
    {
        var inputs = catalog.StoredInputs(sheet.Metric);
        var found = new List<RestatedPeriod>();
        if (sheet.AsOf is { } asOf)
        {
            SheetRow[] then = [.. sheet.Rows.Where(row => row.Value.Complete)];
            var now = await ValuesAsync(calendar, catalog, sheet, [.. then.Select(row => row.Value.Period)], null, cancellationToken);
            var changed = then.Zip(now).Where(pair => pair.First.Value.Value != pair.Second.Value).ToArray();
            foreach (var (row, value) in changed.Take(Restated.MostPeriods))
                found.Add(await ChangeAsync(calendar, inputs, sheet, row, asOf, row.Value.Value, value.Value, cancellationToken));
            return new Restated(found, Math.Max(0, changed.Length - Restated.MostPeriods));
        }

        var progress = await watermarks.ReadAsync([.. inputs.Select(input => input.Id)], null, cancellationToken);
        SheetRow[] restated = [.. sheet.Rows.Where(row => row.Value.Restated)];
        foreach (var row in restated.Take(Restated.MostPeriods))
        {
            var end = row.Value.Period.End;
            var first = inputs.Max(input => progress.TryGetValue(input.Id, out var known) ? known.CompleteSince(end) : calendar.StartOf(end));
            if (first is not { } since)
                continue;

            var then = (await ValuesAsync(calendar, catalog, sheet, [row.Value.Period], since, cancellationToken))[0];
            found.Add(await ChangeAsync(calendar, inputs, sheet, row, since, then.Value, row.Value.Value, cancellationToken));
        }

        return new Restated(found, Math.Max(0, restated.Length - Restated.MostPeriods));
    }

    /// <summary>When the points behind the one period of a query last changed; null where they only came late.</summary>
    public async Task<DateTimeOffset?> LastChangeAsync(MetricCatalog catalog, MetricQuery query, CancellationToken cancellationToken)
    {
        DateTimeOffset? last = null;
        foreach (var input in catalog.StoredInputs(query.Metric))
        {
            var changes = await series.RestatementsAsync(PointsOf(input, query), cancellationToken);
            if (changes.Count > 0 && (last is null || changes.Max(change => change.At) > last))
                last = changes.Max(change => change.At);
        }

        return last;
    }

    /// <summary>The points that a metric is read from for the one period of a query.</summary>
    private static SeriesQuery PointsOf(Metric input, MetricQuery query) => new()
    {
        Metrics = [input.Id],
        Grain = input.RollsUp ? input.NativeGrain : query.Grain,
        Cut = input is { OverSegments: OverSegments.Sum, RollsUp: true } ? input.Dimensions : [.. query.Filter.Keys.Order(StringComparer.Ordinal)],
        Filter = query.Filter,
        Days = query.Periods[0],
    };

    private async Task<IReadOnlyList<PeriodValue>> ValuesAsync(
        ReportingCalendar calendar, MetricCatalog catalog, MetricSheet sheet, IReadOnlyList<Period> periods, DateTimeOffset? asOf,
        CancellationToken cancellationToken)
    {
        if (periods.Count == 0)
            return [];

        // The reader takes periods oldest first, and the sheet has the newest first.
        var query = new MetricQuery { Metric = sheet.Metric, Grain = sheet.Grain, Periods = [.. periods.Reverse()], AsOf = asOf };
        return [.. (await reader.ReadAsync(calendar, catalog, query, cancellationToken))[0].Values.Reverse()];
    }

    private async Task<RestatedPeriod> ChangeAsync(
        ReportingCalendar calendar, IReadOnlyList<Metric> inputs, MetricSheet sheet, SheetRow row, DateTimeOffset since, decimal? then, decimal? now,
        CancellationToken cancellationToken)
    {
        var changes = new List<PointChange>();
        foreach (var input in inputs)
        {
            var query = PointsOf(input, new MetricQuery { Metric = sheet.Metric, Grain = sheet.Grain, Periods = [row.Value.Period] });
            var restatements = (await series.RestatementsAsync(query, cancellationToken)).Where(one => one.At > since).ToArray();
            changes.AddRange(restatements.Select(one => new PointChange(
                input, one.Day, one.Key.Segment, Exact(one.Old), Exact(one.New), one.At, one.Sync)));

            // A point that was not there at all leaves no restatement; that it came late shows in when it was first written.
            var changed = restatements.Select(one => (one.Key, one.Day)).ToHashSet();
            changes.AddRange(
                from one in await series.ReadAsync(query, cancellationToken)
                from point in one.Points
                where point.FirstWritten > since && !changed.Contains((one.Key, point.Day))
                select new PointChange(input, point.Day, one.Key.Segment, null, Rollup.Exact(point.Value), point.FirstWritten, null));
        }

        PointChange[] sorted = [.. changes.OrderByDescending(change => change.At).ThenByDescending(change => Math.Abs((change.New ?? 0) - (change.Old ?? 0)))];
        return new RestatedPeriod(
            row.Key, row.Label, since, then, now, [.. sorted.Take(Restated.MostChanges)], Math.Max(0, sorted.Length - Restated.MostChanges));

        static decimal? Exact(double? value) => value is { } known ? Rollup.Exact(known) : null;
    }
}
