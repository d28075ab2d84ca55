using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Series;

/// <summary>
/// Figures of some metrics over one run of days, all at the same moment. Points, restatements and watermarks of a stored metric are
/// read when they are first needed and kept, so that a board asks for weeks, months and to-date spans of them at the cost of one read.
/// </summary>
/// <remarks>Lives as long as one page or file is made; not for several threads.</remarks>
public sealed class MetricReading
{
    private readonly ISeriesStore _series;
    private readonly IWatermarkStore _watermarks;
    private readonly ReportingCalendar _calendar;
    private readonly MetricCatalog _catalog;
    private readonly DateTimeOffset _now;
    private readonly Dictionary<string, (Stored Of, StoredInput Input)> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Stored> _stored = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Metric, DateTimeOffset? AsOf), MetricProgress?> _progress = [];
    private readonly Dictionary<(string Metric, Grain Grain), (DateOnly First, DateOnly Last)?> _extents = [];
    private readonly Dictionary<(string Metric, Grain Grain), Asked> _asked = [];

    internal MetricReading(
        ISeriesStore series, IWatermarkStore watermarks, ReportingCalendar calendar, MetricCatalog catalog, Period days, DateTimeOffset now) =>
        (_series, _watermarks, _calendar, _catalog, Days, _now) = (series, watermarks, calendar, catalog, days, now);

    /// <summary>The days that can be asked for; a formula that looks further back finds the days before them too.</summary>
    public Period Days { get; }

    /// <summary>Reads the watermarks of some metrics, as they are now, at once instead of one by one.</summary>
    public Task PrepareAsync(IEnumerable<Metric> metrics, CancellationToken cancellationToken) =>
        ReadProgressAsync([.. metrics.SelectMany(_catalog.StoredInputs).Select(input => input.Id).Distinct()], null, cancellationToken);

    /// <summary>
    /// Reads what some queries will need, together instead of one after the other: metrics of the same grain, cut, filter and moment in
    /// one go, and everything side by side. A query that cannot be answered is left out; it says so when it is asked.
    /// </summary>
    public Task PrepareAsync(IEnumerable<MetricQuery> queries, CancellationToken cancellationToken) =>
        PrepareAsync(Missing(queries.SelectMany(NeedsOf)), cancellationToken);

    /// <summary>One series of values per segment (the total without <see cref="MetricQuery.By"/>), by segment text.</summary>
    /// <exception cref="MetricQueryException">The cut or grain is not stored.</exception>
    /// <exception cref="ArgumentException">A period lies outside the days of this reading.</exception>
    public async Task<IReadOnlyList<PeriodSeries>> ReadAsync(MetricQuery query, CancellationToken cancellationToken)
    {
        foreach (var period in query.Periods)
        {
            if (period.Start < Days.Start || period.End > Days.End)
                throw new ArgumentException($"{period} is not in {Days}, the days of this reading.", nameof(query));
        }

        var inputs = await InputsAsync(query, cancellationToken);
        var segments = query.By.Count == 0
            ? [Segment.Total]
            : inputs.Values.SelectMany(input => input.Segments).Distinct().OrderBy(segment => segment.Text, StringComparer.Ordinal).ToArray();
        return [.. segments.Select(segment => new PeriodSeries(query.Metric.Id, segment, ValuesOf(query, segment, inputs)))];
    }

    /// <summary>When the days before <paramref name="end"/> first were complete in all that a metric reads; null while they are not.</summary>
    public async Task<DateTimeOffset?> CompleteSinceAsync(Metric metric, DateOnly end, CancellationToken cancellationToken)
    {
        var inputs = _catalog.StoredInputs(metric);
        await ReadProgressAsync([.. inputs.Select(input => input.Id)], null, cancellationToken);
        DateTimeOffset?[] since =
            [.. inputs.Select(input => _progress[(input.Id, null)] is { } progress ? progress.CompleteSince(end) : _calendar.StartOf(end))];
        return since.Contains(null) ? null : since.Max();
    }

    /// <summary>
    /// What a query reads. The next one for the same metric, grain and segment reads the same, unless its formula looks at other periods:
    /// then its periods decide how far back.
    /// </summary>
    private async ValueTask<Dictionary<(string, Grain), StoredInput>> InputsAsync(MetricQuery query, CancellationToken cancellationToken)
    {
        var key = (query.Metric.Id, query.Grain);
        if (_asked.TryGetValue(key, out var before) && before.IsFor(query))
            return before.Inputs;

        var needs = NeedsFor(query);
        if (Missing(needs) is { Length: > 0 } missing)
            await PrepareAsync(missing, cancellationToken);
        var inputs = needs.ToDictionary(need => (need.Metric.Id, need.Query.Grain), need => InputOf(need, query));
        if (!_catalog.ReadsOtherPeriods(query.Metric))
            _asked[key] = new Asked(query, inputs);
        return inputs;
    }

    private PeriodValue[] ValuesOf(MetricQuery query, Segment segment, Dictionary<(string, Grain), StoredInput> inputs)
    {
        if (query.Metric.Formula is null)
        {
            var input = inputs[(query.Metric.Id, StoredGrain(query.Metric, query.Grain))];
            return [.. query.Periods.Select(period => input.Value(segment, query.Grain, period))];
        }

        var figures = new FormulaFigures(_catalog, _calendar, segment, inputs);
        return [.. query.Periods.Select(period => figures.Value(query.Metric, query.Grain, period))];
    }

    private async Task PrepareAsync(IReadOnlyCollection<Need> needs, CancellationToken cancellationToken)
    {
        var groups = needs.GroupBy(need => need.Group)
            .Select(group => (Needs: group.ToArray(), Query: group.First().Query with { Metrics = [.. group.Select(need => need.Metric.Id)] }))
            .ToArray();
        var points = groups.Select(group => _series.ReadAsync(group.Query, cancellationToken)).ToArray();
        var changes = groups.Select(group => _series.RestatementsAsync(group.Query, cancellationToken)).ToArray();
        foreach (var moment in needs.GroupBy(need => need.Query.AsOf))
            await ReadProgressAsync([.. moment.Select(need => need.Metric.Id).Distinct()], moment.Key, cancellationToken);
        var pushed = needs.Where(need => _progress[(need.Metric.Id, need.Query.AsOf)] is null)
            .Select(need => (need.Metric.Id, need.Query.Grain)).Distinct().Where(one => !_extents.ContainsKey(one)).ToArray();
        var extents = pushed.Select(one => _series.ExtentAsync(one.Id, one.Grain, cancellationToken)).ToArray();

        await Task.WhenAll([.. points, .. changes, .. extents]);
        for (var i = 0; i < pushed.Length; i++)
            _extents[pushed[i]] = await extents[i];
        for (var i = 0; i < groups.Length; i++)
        {
            var (series, restatements) = (
                (await points[i]).ToLookup(one => one.Key.Metric), (await changes[i]).ToLookup(change => change.Key.Metric));
            foreach (var need in groups[i].Needs)
                _stored[need.Key] = new Stored(need.Query.Days.Start, [.. series[need.Metric.Id]], [.. restatements[need.Metric.Id]]);
        }
    }

    private StoredInput InputOf(Need need, MetricQuery query)
    {
        var metric = need.Metric;
        var key = $"{need.Key}|{query.OverTime}|{string.Join(',', query.By)}";
        var stored = _stored[need.Key];
        if (_inputs.TryGetValue(key, out var known) && ReferenceEquals(known.Of, stored))
            return known.Input;

        var progress = _progress[(metric.Id, query.AsOf)];
        var input = new StoredInput(
            metric, query.OverTime ?? metric.OverTime, query.By, _calendar, query.AsOf ?? _now, progress,
            progress is null ? _extents[(metric.Id, need.Query.Grain)] : null, stored.Series, stored.Restatements);
        _inputs[key] = (stored, input);
        return input;
    }

    private IReadOnlyList<Need> NeedsOf(MetricQuery query)
    {
        try
        {
            return NeedsFor(query);
        }
        catch (MetricQueryException)
        {
            return [];
        }
    }

    /// <summary>What a query needs: every stored metric at its grain, and where a formula looks back, the days and grains that it looks at.</summary>
    private Need[] NeedsFor(MetricQuery query)
    {
        var inputs = _catalog.StoredInputs(query.Metric);
        foreach (var input in inputs)
            CheckGrain(input, query.Grain, StoredGrain(input, query.Grain));

        var from = inputs.ToDictionary(input => (input.Id, Grain: StoredGrain(input, query.Grain)), _ => Days.Start);
        if (_catalog.ReadsOtherPeriods(query.Metric))
        {
            var first = new Period(Days.Start, Days.Start.AddDays(1));
            var reach = new FormulaReach(_catalog, _calendar, query.Grain, from);
            foreach (var period in query.Periods.Append(_calendar.Containing(query.Grain, Days.Start)).Append(first))
                reach.Add(query.Metric, period);
        }

        var byId = inputs.ToDictionary(input => input.Id);
        return [.. from.Select(pair => NeedOf(byId[pair.Key.Id], pair.Key.Grain, new Period(pair.Value, Days.End), query))];
    }

    /// <summary>The needs, each once for the longest days that are asked of it, of which not everything was read yet.</summary>
    private Need[] Missing(IEnumerable<Need> needs) =>
    [
        .. needs.GroupBy(need => need.Key)
            .Select(group => group.MinBy(need => need.Query.Days.Start)!)
            .Where(need => !_stored.TryGetValue(need.Key, out var stored) || stored.From > need.Query.Days.Start),
    ];

    private static Grain StoredGrain(Metric metric, Grain asked) => metric.RollsUp ? metric.NativeGrain : asked;

    private static Need NeedOf(Metric metric, Grain grain, Period days, MetricQuery query)
    {
        var points = new SeriesQuery
        {
            Metrics = [metric.Id], Grain = grain, Cut = CutFor(metric, query), Filter = query.Filter, Days = days, AsOf = query.AsOf,
        };
        var key = string.Join('|',
            (string[])[grain.Name(), $"{query.AsOf?.UtcTicks}", string.Join(',', points.Cut),
                .. query.Filter.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={string.Join('\u001f', pair.Value)}")]);
        return new Need(metric, points, $"{days.Start.DayNumber}|{key}", $"{metric.Id}|{key}");
    }

    private async Task ReadProgressAsync(IReadOnlyCollection<string> metrics, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        string[] unknown = [.. metrics.Where(metric => !_progress.ContainsKey((metric, asOf)))];
        if (unknown.Length == 0)
            return;

        var progress = await _watermarks.ReadAsync(unknown, asOf, cancellationToken);
        foreach (var metric in unknown)
            _progress[(metric, asOf)] = progress.GetValueOrDefault(metric);
    }

    private static void CheckGrain(Metric metric, Grain asked, Grain stored)
    {
        if (asked < metric.NativeGrain)
            throw new MetricQueryException($"'{metric.Id}' is known by {metric.NativeGrain.Name()} and coarser, not by {asked.Name()}.");
        if (metric.RollsUp && stored == Grain.Week && asked > Grain.Week)
            throw new MetricQueryException($"'{metric.Id}' is stored by week, and weeks do not fill a {asked.Name()}.");
    }

    private static IReadOnlyList<string> CutFor(Metric metric, MetricQuery query)
    {
        var wanted = query.By.Concat(query.Filter.Keys).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (wanted.FirstOrDefault(dimension => !metric.Dimensions.Contains(dimension)) is { } unknown)
            throw new MetricQueryException($"'{metric.Id}' is not stored by '{unknown}'. {(metric.Dimensions.Count == 0 ? "It has no dimensions." : $"Its dimensions are {string.Join(", ", metric.Dimensions)}.")}");

        if (metric.OverSegments == OverSegments.Sum && metric.RollsUp)
            return metric.Dimensions;

        // Distinct counts and the like: several values of a filter would have to be added up, which they cannot be.
        if (metric.OverSegments == OverSegments.None && query.Filter.FirstOrDefault(filter => filter.Value.Count > 1 && !query.By.Contains(filter.Key)).Key is { } several)
            throw new MetricQueryException($"The segments of '{metric.Id}' cannot be added up; filter '{several}' by one value.");
        return wanted;
    }

    /// <summary>What the last query of a metric by some grain read.</summary>
    private sealed record Asked(MetricQuery Query, Dictionary<(string, Grain), StoredInput> Inputs)
    {
        public bool IsFor(MetricQuery query) => ReferenceEquals(query.Metric, Query.Metric) && ReferenceEquals(query.Filter, Query.Filter)
            && ReferenceEquals(query.By, Query.By) && query.AsOf == Query.AsOf && query.OverTime == Query.OverTime;
    }

    /// <summary>What a query needs of one stored metric.</summary>
    /// <param name="Group">What it shares with those that can be read together with it.</param>
    private sealed record Need(Metric Metric, SeriesQuery Query, string Group, string Key);

    /// <summary>What was read of a need, from a day on; a later question may look further back, and then it is read anew.</summary>
    private sealed class Stored(DateOnly from, IReadOnlyList<StoredSeries> series, IReadOnlyList<Restatement> restatements)
    {
        public DateOnly From { get; } = from;

        public IReadOnlyList<StoredSeries> Series { get; } = series;

        public IReadOnlyList<Restatement> Restatements { get; } = restatements;
    }
}
