using System.Runtime.InteropServices;
using System.Text;
using Metrics.Core.Access;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Push;

/// <summary>Something that a push brought and that was not taken.</summary>
/// <param name="Line">The line, counted from 1, or the point of a list, counted from 0.</param>
public sealed record PushFault(int Line, string Reason);

/// <summary>The first of some faults, and how many there are.</summary>
public sealed class PushFaults(int most)
{
    private readonly List<PushFault> _first = [];

    public IReadOnlyList<PushFault> First => _first;

    public int Count { get; private set; }

    public void Add(int line, string reason)
    {
        Count++;
        if (_first.Count < most)
            _first.Add(new PushFault(line, reason));
    }
}

/// <summary>
/// What one push brings, gathered until all of it has been read: of several values for one series and day the one with the latest
/// timestamp counts, of several with the same timestamp the last. Nothing is stored before <see cref="PushIntake"/> does.
/// </summary>
/// <param name="received">When the push came: the timestamp of lines that have none.</param>
/// <param name="mostFaults">How many faults of each kind are remembered with their reasons.</param>
public sealed class PushBatch(PushMap map, ApiToken token, DateTimeOffset received, int mostFaults = PushBatch.FaultsOfLines)
{
    private const int FaultsOfLines = 10;
    private const int LongestQuote = 100;

    private readonly Dictionary<Destination, NewestByDay> _byDestination = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SeriesKey, NewestByDay> _series = [];
    private readonly Dictionary<InboxKey, NewestByDay> _waiting = [];
    private readonly SortedSet<string> _forbidden = new(StringComparer.Ordinal);
    private readonly long _received = PushedDays.Nanos(received);
    private readonly PushedDays _days = new(map.Calendar);

    public ApiToken Token { get; } = token;

    public DateTimeOffset Received { get; } = received;

    /// <summary>Lines that are no line protocol.</summary>
    public PushFaults Unreadable { get; } = new(mostFaults);

    /// <summary>Values that no metric and no inbox can take.</summary>
    public PushFaults Refused { get; } = new(mostFaults);

    /// <summary>The metrics that the token may not write; their values are not in the batch.</summary>
    public IReadOnlyCollection<string> Forbidden => _forbidden;

    /// <summary>Whether there is anything to store or to keep.</summary>
    public bool IsEmpty => _series.Count == 0 && _waiting.Count == 0;

    internal IReadOnlyDictionary<SeriesKey, NewestByDay> Series => _series;

    /// <summary>What maps to no metric.</summary>
    internal IEnumerable<InboxLine> Waiting => _waiting.SelectMany(one => one.Value.Values.Select(value =>
        new InboxLine(one.Key, value.Day, PushedDays.Moment(value.At), value.Value, Received, Token.Name)));

    /// <summary>Adds lines of line protocol.</summary>
    public void Add(ReadOnlySpan<byte> body, TimestampUnit unit)
    {
        var lines = new LineReader(body, unit);
        while (lines.Read())
        {
            if (lines.Fault is { } fault)
            {
                Unreadable.Add(lines.Line, $"unable to parse '{Quote(lines.Text)}': {fault}");
                continue;
            }

            var series = map.SeriesOf(lines.Series);
            foreach (ref readonly var field in lines.Fields)
            {
                var to = series.Find(lines.NameOf(field));
                if (field.Kind == FieldKind.Text)
                    AddText(lines.Line, to);
                else
                    Add(lines.Line, to, null, lines.Nanos ?? _received, field.Value);
            }
        }
    }

    /// <summary>Adds a value of a metric by name.</summary>
    /// <param name="day">The local day; null to find it from <paramref name="at"/>.</param>
    /// <param name="at">The timestamp; null for a value that has a day alone.</param>
    public void Add(
        int index, string metric, string? grain, IReadOnlyList<KeyValuePair<string, string>> dimensions, DateOnly? day, DateTimeOffset? at, double value)
    {
        if (!map.Metrics.Catalog.TryGet(metric, out var known))
            Refused.Add(index, $"There is no metric '{metric}'.");
        else if (map.Metrics.Refusal(known) is null && dimensions.FirstOrDefault(pair => !known.Dimensions.Contains(pair.Key)).Key is { } unknown)
            Refused.Add(index, $"'{metric}' has no dimension '{unknown}'.{(known.Dimensions.Count == 0 ? "" : $" Its dimensions are {string.Join(", ", known.Dimensions)}.")}");
        else
            Add(index, map.Store(known, grain, null, dimensions, PushDays.Local), day, PushedDays.Nanos(at ?? map.Calendar.StartOf(day!.Value)), value);
    }

    /// <summary>Notes that a point could not be understood.</summary>
    public void Refuse(int index, string reason) => Refused.Add(index, reason);

    private void AddText(int line, Destination to)
    {
        if (to is Destination.Stored stored)
            Refused.Add(line, $"A text cannot be a value of '{stored.Metric.Id}'.");
        else if (to is Destination.Refused refused)
            Refused.Add(line, refused.Reason);
    }

    private void Add(int line, Destination to, DateOnly? day, long at, double value)
    {
        switch (to)
        {
            case Destination.Stored stored when _byDestination.TryGetValue(to, out var known) || TryOpen(line, stored, out known):
                known.Set(DayOf(stored, day, at), at, value, line);
                break;
            case Destination.Waiting waiting:
                if (!_byDestination.TryGetValue(to, out var kept))
                    _byDestination[to] = kept = OpenInbox(waiting.Key);
                kept.Set(_days.Local(at), at, value, line);
                break;
            case Destination.Refused refused:
                Refused.Add(line, refused.Reason);
                break;
        }
    }

    private DateOnly DayOf(Destination.Stored stored, DateOnly? given, long at)
    {
        var day = given ?? (stored.Days == PushDays.Utc ? PushedDays.Utc(at) : _days.Local(at));
        return stored.Key.Grain == Grain.Day ? day : map.Calendar.Containing(stored.Key.Grain, day).Start;
    }

    private bool TryOpen(int line, Destination.Stored stored, out NewestByDay values)
    {
        values = null!;
        if (!Token.MayWrite(stored.Metric.Id))
        {
            _forbidden.Add(stored.Metric.Id);
            Refused.Add(line, $"The token '{Token.Name}' may not write '{stored.Metric.Id}'.");
            return false;
        }

        // Series that differ in tags that are no dimension are one series here.
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_series, stored.Key, out _);
        _byDestination[stored] = values = known ??= new NewestByDay();
        return true;
    }

    private NewestByDay OpenInbox(InboxKey key)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_waiting, key, out _);
        return known ??= new NewestByDay();
    }

    private static string Quote(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, LongestQuote)]);
        return line.Length > LongestQuote ? text + "…" : text;
    }
}

/// <summary>The newest value of each day.</summary>
internal sealed class NewestByDay
{
    private readonly List<Newest> _values = [];
    private Dictionary<DateOnly, int>? _places;
    private int _last;

    /// <summary>The values by day.</summary>
    public IReadOnlyList<Newest> Values
    {
        get
        {
            for (var i = 1; i < _values.Count; i++)
            {
                if (_values[i].Day < _values[i - 1].Day)
                {
                    _values.Sort((a, b) => a.Day.CompareTo(b.Day));
                    _places = null;
                    break;
                }
            }

            return _values;
        }
    }

    public void Set(DateOnly day, long at, double value, int line)
    {
        if (_values.Count == 0 || _values[_last].Day != day)
        {
            _last = PlaceOf(day);
            if (_last == _values.Count)
            {
                _values.Add(new Newest(day, at, value, line));
                return;
            }
        }

        if (at >= _values[_last].At)
            _values[_last] = new Newest(day, at, value, line);
    }

    private int PlaceOf(DateOnly day)
    {
        // Most series bring a day or two, or days in order: those need no index.
        if (_places is null && (_values.Count == 0 || _values[^1].Day < day))
            return _values.Count;

        _places ??= Enumerable.Range(0, _values.Count).ToDictionary(place => _values[place].Day);
        ref var found = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, day, out var isKnown);
        return isKnown ? found : found = _values.Count;
    }

    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Newest(DateOnly Day, long At, double Value, int Line);
}
