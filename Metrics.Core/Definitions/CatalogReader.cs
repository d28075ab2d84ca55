using Metrics.Core.Catalog;
using Metrics.Core.Connectors;
using Metrics.Core.Models;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Definitions;

/// <summary>A metric in the catalog, with its newest figure and how far that can be relied on.</summary>
/// <param name="Grain">The grain of the figure: the week, or the finest that the metric is known by where that is longer.</param>
/// <param name="Known">The days of which it is known; null where there are none.</param>
/// <param name="Newest">The figure of its newest complete period; null where none is.</param>
/// <param name="Sources">The sources behind it, by name.</param>
public sealed record CatalogEntry(Metric Metric, Grain Grain, Period? Known, PeriodValue? Newest, IReadOnlyList<string> Sources)
{
    /// <summary>The sources that are late.</summary>
    public IReadOnlyList<string> Late { get; init; } = [];

    /// <summary>What is wrong with rows behind its figures, those left out first.</summary>
    public IReadOnlyList<DataWarning> Warnings { get; init; } = [];
}

/// <summary>The catalog as it stands.</summary>
/// <param name="HeldBecause">Why figures may be out of date or missing: the store cannot be reached; null where they are what it says now.</param>
public sealed record CatalogView(IReadOnlyList<CatalogEntry> Entries, string? HeldBecause);

/// <summary>
/// Reads all metrics with their newest figures: those that are known up to the same period together, and again only after data,
/// workspace or day have changed.
/// </summary>
public sealed class CatalogReader(
    MetricReader reader, KnownDays knownDays, IModelStateStore states, SourceStatusReader sources, IDataVersion versions,
    IEnumerable<IModel> models, TimeProvider clock)
{
    /// <summary>How many periods are looked through for a complete one: sources come further than single days that are missing.</summary>
    private const int LookBack = 4;

    private volatile Kept? _kept;

    /// <summary>Every metric, in the order of the catalog.</summary>
    public async Task<CatalogView> ReadAsync(CompanyDefinition company, CancellationToken cancellationToken)
    {
        var (entries, held) = await KeptAsync(company, cancellationToken);
        var warnings = await states.WarningsAsync(cancellationToken);
        var freshness = company.Sources.Select(source => source.Id)
            .Zip(await sources.FreshnessAsync(company.Sources, company.Calendar, cancellationToken)).ToDictionary();
        return new CatalogView(
            [
                .. entries.Select(entry => entry with
                {
                    Late = [.. entry.Sources.Where(source => freshness[source] == Freshness.Stale)],
                    Warnings = warnings.About(company.Catalog, entry.Metric),
                }),
            ],
            held);
    }

    private async Task<(IReadOnlyList<CatalogEntry> Entries, string? HeldBecause)> KeptAsync(
        CompanyDefinition company, CancellationToken cancellationToken)
    {
        var kept = _kept is { } last && ReferenceEquals(last.Company, company) ? last : null;
        try
        {
            var (version, today) = (await versions.ReadAsync(cancellationToken), company.Calendar.Today(clock));
            if (kept is null || kept.Version != version || kept.Today != today)
                _kept = kept = new Kept(company, version, today, await EntriesAsync(company, cancellationToken));
            return (kept.Entries, null);
        }
        catch (StoreUnreachableException away)
        {
            return (kept?.Entries ?? [.. company.Catalog.Metrics.Select(metric => Entry(company, metric, null))], away.Message);
        }
    }

    private async Task<IReadOnlyList<CatalogEntry>> EntriesAsync(CompanyDefinition company, CancellationToken cancellationToken)
    {
        var (calendar, catalog) = (company.Calendar, company.Catalog);
        var known = await knownDays.ReadAsync(calendar, catalog, catalog.Metrics, Grain.Week, null, cancellationToken);
        CatalogEntry[] entries = [.. catalog.Metrics.Select(metric => Entry(company, metric, known[metric.Id]))];
        var newest = new Dictionary<string, PeriodValue?>(StringComparer.Ordinal);
        foreach (var together in entries.Where(entry => entry.Known is not null).GroupBy(entry => (entry.Grain, Period: LastPeriod(calendar, entry))))
        {
            var (grain, last) = together.Key;
            Period[] periods = [.. Enumerable.Range(0, LookBack).Select(back => calendar.Shift(grain, last, -back))];
            var reading = reader.Over(calendar, catalog, new Period(periods[^1].Start, last.End));
            MetricQuery[] queries = [.. together.Select(entry => new MetricQuery { Metric = entry.Metric, Grain = grain, Periods = periods })];
            await reading.PrepareAsync(queries, cancellationToken);
            foreach (var query in queries)
                newest[query.Metric.Id] = await NewestAsync(reading, query, cancellationToken);
        }

        return [.. entries.Select(entry => entry with { Newest = newest.GetValueOrDefault(entry.Metric.Id) })];
    }

    private CatalogEntry Entry(CompanyDefinition company, Metric metric, Period? known)
    {
        var finest = company.Catalog.StoredInputs(metric).Max(input => input.NativeGrain);
        var streams = Lineage.Of(company, metric, models).Origins.SelectMany(origin => origin.Streams);
        return new CatalogEntry(
            metric, finest > Grain.Week ? finest : Grain.Week, known, null,
            [.. streams.Select(stream => stream.Id.Source).Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>The last period that is over and of which every day can be known.</summary>
    private Period LastPeriod(ReportingCalendar calendar, CatalogEntry entry)
    {
        var ended = calendar.Previous(entry.Grain, calendar.Containing(entry.Grain, calendar.Today(clock)));
        return entry.Known!.End >= ended.End
            ? ended
            : calendar.Previous(entry.Grain, calendar.Containing(entry.Grain, entry.Known.End));
    }

    private static async Task<PeriodValue?> NewestAsync(MetricReading reading, MetricQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return (await reading.ReadAsync(query, cancellationToken))[0].Values.FirstOrDefault(value => value.Complete);
        }
        catch (MetricQueryException)
        {
            // Not known by that grain: its own page says why.
            return null;
        }
    }

    private sealed record Kept(CompanyDefinition Company, long Version, DateOnly Today, IReadOnlyList<CatalogEntry> Entries);
}
