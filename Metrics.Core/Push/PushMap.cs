using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Push;

/// <summary>
/// Says where pushed values go: by the rules of the workspace, else by convention – the measurement <c>kpi</c> with the tag
/// <c>metric</c> and the field <c>value</c>; a measurement that is a metric's id with the field <c>value</c>; measurement and field
/// joined by _ that are a metric's id.
/// </summary>
/// <remarks>Remembers its answers by the bytes that were written, so that only the first line of a series is looked at closely. Safe for many threads.</remarks>
public sealed class PushMap(ReportingCalendar calendar, PushableMetrics metrics, IReadOnlyList<PushRule> rules)
{
    private const string OwnMeasurement = "kpi", OwnField = "value", MetricTag = "metric", GrainTag = "grain", CutTag = "cut";

    // Some hundred bytes each; a sender who makes up series without end must not fill the memory.
    private const int MostRemembered = 100_000;

    // Longer ones are looked at each time.
    private const int LongestRemembered = 4_096;

    private readonly ConcurrentDictionary<byte[], PushedSeries> _known = new(BytesComparer.Instance);

    public ReportingCalendar Calendar { get; } = calendar;

    public PushableMetrics Metrics { get; } = metrics;

    /// <summary>A series by measurement and tags as the line has them.</summary>
    public PushedSeries SeriesOf(ReadOnlySpan<byte> written)
    {
        if (_known.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(written, out var known))
            return known;

        var series = new PushedSeries(this, SeriesName.Parse(written));
        if (written.Length > LongestRemembered)
            return series;
        if (_known.Count >= MostRemembered)
            _known.Clear();
        return _known.GetOrAdd(written.ToArray(), series);
    }

    /// <summary>Where a field of a measurement with some tags goes.</summary>
    public Destination Find(string measurement, IReadOnlyList<KeyValuePair<string, string>> tags, string field)
    {
        if (tags.GroupBy(tag => tag.Key).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
            return new Destination.Refused($"The tag '{twice}' is there twice.");

        var (wanted, unwanted) = (false, false);
        foreach (var rule in rules.Where(rule => rule.IsFor(measurement)))
        {
            var names = rule.Fields.TryGetValue(field, out var id);
            if (!rule.Wants(tags))
            {
                unwanted = true;
                if (names)
                    return Destination.Ignored.Instance;
            }
            else if (names)
            {
                return Metrics.Catalog.TryGet(id!, out var metric)
                    ? Store(metric, null, null, rule.DimensionsOf(tags), rule.Days)
                    : new Destination.Refused($"There is no metric '{id}'.");
            }
            else
            {
                wanted = true;
            }
        }

        return unwanted && !wanted
            ? Destination.Ignored.Instance
            : ByConvention(measurement, tags, field) ?? Wait(new InboxKey(measurement, field, Segment.Of(tags).Text));
    }

    /// <summary>
    /// Where values of a metric go: a series of its finest cut where segments add up, else the very segment that is given.
    /// </summary>
    /// <param name="grain">The grain that the sender names; null for the metric's own.</param>
    /// <param name="cut">The dimensions that the sender names; null for those that it gives.</param>
    /// <param name="given">Dimensions with their values, also others; of one that is there twice the first counts.</param>
    public Destination Store(Metric metric, string? grain, string? cut, IReadOnlyList<KeyValuePair<string, string>> given, PushDays days)
    {
        if (Metrics.Refusal(metric) is { } refusal)
            return new Destination.Refused(refusal);

        if ((grain is null ? metric.NativeGrain : GrainNames.TryParse(grain)) is not { } stored)
            return new Destination.Refused($"'{grain}' is no grain; use day, week, month, quarter or year.");
        if (stored != metric.NativeGrain && (metric.RollsUp || stored < metric.NativeGrain))
        {
            return new Destination.Refused(
                $"'{metric.Id}' is stored by {metric.NativeGrain.Name()}{(metric.RollsUp ? ", and its other grains follow from that" : " and coarser")}; not by {grain}.");
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (dimension, value) in given.Where(pair => metric.Dimensions.Contains(pair.Key)))
            values.TryAdd(dimension, value);

        if (metric is { OverSegments: OverSegments.Sum, RollsUp: true })
            return new Destination.Stored(metric, KeyOf(metric, stored, metric.Dimensions, values), days);

        string[] dimensions = cut is null ? [.. values.Keys] : cut.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (dimensions.FirstOrDefault(name => !metric.Dimensions.Contains(name)) is { } unknown)
            return new Destination.Refused($"'{metric.Id}' has no dimension '{unknown}'.");
        return new Destination.Stored(metric, KeyOf(metric, stored, dimensions, values), days);
    }

    private Destination? ByConvention(string measurement, IReadOnlyList<KeyValuePair<string, string>> tags, string field)
    {
        if (measurement == OwnMeasurement && Tag(tags, MetricTag) is { } id && Metrics.Catalog.TryGet(id, out var own))
        {
            // What our own data model keeps beside a value, such as when it was first written, is no figure.
            return field == OwnField ? Store(own, Tag(tags, GrainTag), Tag(tags, CutTag), tags, PushDays.Utc) : Destination.Ignored.Instance;
        }

        if (field == OwnField && Metrics.Catalog.TryGet(measurement, out var named))
            return Store(named, null, null, tags, PushDays.Local);
        return Metrics.Catalog.TryGet($"{measurement}_{field}", out var joined) ? Store(joined, null, null, tags, PushDays.Local) : null;
    }

    private static Destination Wait(InboxKey key) =>
        Encoding.UTF8.GetByteCount(key.Measurement) + Encoding.UTF8.GetByteCount(key.Field) + Encoding.UTF8.GetByteCount(key.Tags) <= InboxKey.LongestBytes
            ? new Destination.Waiting(key)
            : new Destination.Refused($"No rule takes it, and its measurement, field and tags are longer than the {InboxKey.LongestBytes} bytes that can be kept.");

    private static SeriesKey KeyOf(Metric metric, Grain grain, IEnumerable<string> dimensions, Dictionary<string, string> values) =>
        new(metric.Id, grain, Segment.Of(dimensions.Distinct().Select(name => KeyValuePair.Create(name, values.GetValueOrDefault(name, "")))));

    private static string? Tag(IReadOnlyList<KeyValuePair<string, string>> tags, string name) => tags.FirstOrDefault(tag => tag.Key == name).Value;

    private sealed class BytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static BytesComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}

/// <summary>One series as senders write it, and where its fields go as far as that was asked for.</summary>
public sealed class PushedSeries(PushMap map, SeriesName name)
{
    // Fields are few, so they are walked through; what a line has beyond these is looked at each time.
    private const int MostRemembered = 256;

    private volatile (byte[] Field, Destination To)[] _known = [];

    /// <summary>Where a field, named as the line has it, goes.</summary>
    public Destination Find(ReadOnlySpan<byte> field)
    {
        foreach (var (known, to) in _known)
        {
            if (field.SequenceEqual(known))
                return to;
        }

        var found = map.Find(name.Measurement, name.Tags, SeriesName.Unescape(field));
        if (_known.Length < MostRemembered)
            _known = [.. _known, (field.ToArray(), found)];
        return found;
    }
}
