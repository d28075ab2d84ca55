using System.Collections.Concurrent;
using Metrics.Core.Catalog;
using Metrics.Core.Series;

namespace Metrics.Core.Boards;

/// <summary>What a board can be narrowed to by one dimension.</summary>
/// <param name="Values">The first of them by name, at most <see cref="BoardDimensions.MostValues"/>.</param>
/// <param name="More">How many values are left out.</param>
public sealed record BoardDimension(string Name, IReadOnlyList<string> Values, int More);

/// <summary>Narrows the tiles of a board to a segment.</summary>
internal static class BoardSegment
{
    /// <summary>
    /// A tile of the segment as far as its metric is known by it; and the dimensions that leave it as it is, because the metric is not
    /// known by them or the tile's own filter says another value.
    /// </summary>
    public static (Tile Tile, IReadOnlyList<string> NotBy) Narrow(Tile tile, MetricCatalog catalog, Segment segment)
    {
        if (segment.IsTotal)
            return (tile, []);

        var dimensions = catalog.DimensionsOf(catalog[tile.Metric]);
        var filter = new Dictionary<string, IReadOnlyList<string>>(tile.Filter);
        var notBy = new List<string>();
        foreach (var (dimension, value) in segment.Values)
        {
            if (!dimensions.Contains(dimension) || (tile.Filter.TryGetValue(dimension, out var own) && !own.Contains(value)))
                notBy.Add(dimension);
            else
                filter[dimension] = [value];
        }

        return (tile with { Filter = filter }, notBy);
    }
}

/// <summary>Says by what boards can be narrowed: the dimensions of their metrics, with the values that the store knows.</summary>
public sealed class BoardDimensions(ISeriesStore series, IDataVersion versions)
{
    /// <summary>How many values of a dimension are offered; any other can be asked for by the address.</summary>
    public const int MostValues = 24;

    // Metrics of a board share their dimensions, mostly from one model; asking a few of them finds the values.
    private const int MostAsked = 4;

    private readonly ConcurrentDictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    /// <summary>The names alone, sorted.</summary>
    public static IReadOnlyList<string> NamesOf(Board board, MetricCatalog catalog) =>
        [.. board.Tiles.SelectMany(tile => catalog.DimensionsOf(catalog[tile.Metric])).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The dimensions of a board that have values; while the store cannot be reached what it said last.</summary>
    public async Task<IReadOnlyList<BoardDimension>> ReadAsync(Board board, MetricCatalog catalog, CancellationToken cancellationToken)
    {
        var kept = _kept.GetValueOrDefault(board.Id);
        try
        {
            var version = await versions.ReadAsync(cancellationToken);
            if (kept is not null && kept.Version == version && ReferenceEquals(kept.Board, board) && ReferenceEquals(kept.Catalog, catalog))
                return kept.Dimensions;

            var dimensions = new List<BoardDimension>();
            foreach (var name in NamesOf(board, catalog))
            {
                var values = await ValuesAsync(board, catalog, name, cancellationToken);
                if (values.Count > 0)
                    dimensions.Add(new BoardDimension(name, [.. values.Take(MostValues)], Math.Max(0, values.Count - MostValues)));
            }

            _kept[board.Id] = new Kept(version, board, catalog, dimensions);
            return dimensions;
        }
        catch (StoreUnreachableException)
        {
            return kept?.Dimensions ?? [];
        }
    }

    private async Task<SortedSet<string>> ValuesAsync(Board board, MetricCatalog catalog, string dimension, CancellationToken cancellationToken)
    {
        var asked = board.Tiles.Select(tile => catalog[tile.Metric])
            .Where(metric => catalog.DimensionsOf(metric).Contains(dimension))
            .SelectMany(catalog.StoredInputs).Select(input => input.Id).Distinct().Take(MostAsked);
        var values = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var metric in asked)
            values.UnionWith(await series.DimensionValuesAsync(metric, dimension, cancellationToken));
        return values;
    }

    private sealed record Kept(long Version, Board Board, MetricCatalog Catalog, IReadOnlyList<BoardDimension> Dimensions);
}
