using System.Runtime.InteropServices;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Activities;

/// <summary>
/// Everything that users did, user by user in the order of time: what distinct counts, growth accounting and retention are computed
/// from. It is made from activity and signup records, and changed with them.
/// </summary>
internal sealed class ActivityHistory(ReportingCalendar calendar)
{
    /// <summary>So many users' visits are put aside before all are packed again.</summary>
    private const int ChunkSize = 1 << 16;

    private readonly Dictionary<string, int> _users = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private readonly Names<Segment> _segments = new();
    private readonly Names<string> _events = new();
    private readonly Dictionary<int, Visit[]> _moved = [];
    private readonly List<(int User, Visit Visit)[]> _incoming = [];
    private int _incomingCount;
    private Visit[] _packed = [];
    private int[] _starts = [0];

    public int Users => _names.Count;

    public IReadOnlyList<Segment> Segments => _segments.All;

    public IReadOnlyList<string> Events => _events.All;

    public string NameOf(int user) => _names[user];

    /// <summary>The number of an event that somebody did; null where nobody did.</summary>
    public int? EventNumber(string name) => _events.Find(name);

    /// <summary>The number of the user of a record; new ones get the next.</summary>
    public int UserOf(RecordBody body)
    {
        var name = body.Text("user")!;
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_users, name, out var known);
        if (!known)
        {
            number = _names.Count;
            _names.Add(name);
        }

        return number;
    }

    /// <summary>What a record says of its user.</summary>
    /// <exception cref="ModelException">There are more kinds of events or segments than can be told apart.</exception>
    public Visit VisitOf(RecordBody body, bool isSignup)
    {
        var at = body.Moment(RecordType.TimeField)!.Value;
        var visit = new Visit
        {
            Day = at.Day(calendar.DayOf).DayNumber,
            Minute = at.Instant is { } instant ? (int)Math.DivRem(instant.ToUnixTimeSeconds(), 60).Quotient : Visit.NoMinute,
            Segment = _segments.NumberOf(body.Segment()),
            Event = Visit.Signup,
            Count = 1,
        };
        if (isSignup)
            return visit;

        visit.Event = _events.NumberOf(body.Text("event")!);
        if (body.Number("amount") is { } amount)
            visit.Amount = Millionths(amount);
        return visit;
    }

    /// <summary>Takes a visit of a history that is being read; <see cref="Pack"/> puts all of them in order.</summary>
    public void Add(int user, in Visit visit)
    {
        if (_incomingCount % ChunkSize == 0)
            _incoming.Add(new (int, Visit)[ChunkSize]);
        _incoming[^1][_incomingCount++ % ChunkSize] = (user, visit);
    }

    /// <summary>Puts everything that was added in order, user by user, and joins what compares as equal.</summary>
    public void Pack()
    {
        var counts = new int[Users + 1];
        for (var i = 0; i < _incomingCount; i++)
            counts[_incoming[i / ChunkSize][i % ChunkSize].User + 1]++;
        for (var user = 0; user < Users; user++)
            counts[user + 1] += counts[user];

        var packed = new Visit[_incomingCount];
        var next = (int[])counts.Clone();
        for (var i = 0; i < _incomingCount; i++)
        {
            var (user, visit) = _incoming[i / ChunkSize][i % ChunkSize];
            packed[next[user]++] = visit;
            if ((i + 1) % ChunkSize == 0)
                _incoming[i / ChunkSize] = [];
        }

        _incoming.Clear();
        _incomingCount = 0;
        var (starts, at) = (new int[Users + 1], 0);
        for (var user = 0; user < Users; user++)
        {
            starts[user] = at;
            at += Join(packed.AsSpan(counts[user]..counts[user + 1]), packed.AsSpan(at));
        }

        starts[Users] = at;
        Array.Resize(ref packed, at);
        (_packed, _starts) = (packed, starts);
    }

    /// <summary>The visits of a user, by time.</summary>
    public ReadOnlySpan<Visit> Of(int user) =>
        _moved.TryGetValue(user, out var own) ? own : user + 1 < _starts.Length ? _packed.AsSpan(_starts[user].._starts[user + 1]) : [];

    /// <summary>Adds some visits to those of a user and takes others away.</summary>
    public void Change(int user, IEnumerable<(Visit Visit, int Sign)> changes)
    {
        var visits = new SortedDictionary<Visit, Visit>(Visit.Order.Instance);
        foreach (var visit in Of(user))
            visits[visit] = visit;
        foreach (var (change, sign) in changes)
        {
            var before = visits.GetValueOrDefault(change);
            var after = change with { Count = before.Count + sign * change.Count, Amount = before.Amount + sign * change.Amount };
            if (after.Count == 0)
                visits.Remove(change);
            else
                visits[change] = after;
        }

        _moved[user] = [.. visits.Values];
    }

    /// <summary>The users with a visit on a day from one on up to another.</summary>
    public IEnumerable<int> UsersBetween(int from, int before)
    {
        for (var user = 0; user < Users; user++)
        {
            var visits = Of(user);
            var found = false;
            for (var i = visits.Length - 1; i >= 0 && visits[i].Day >= from && !found; i--)
                found = visits[i].Day < before;
            if (found)
                yield return user;
        }
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(Users);
        foreach (var name in _names)
            writer.Write(name);
        writer.Write(_segments.All.Count);
        foreach (var segment in _segments.All)
            writer.Write(segment.Text);
        writer.Write(_events.All.Count);
        foreach (var name in _events.All)
            writer.Write(name);

        var lengths = new int[Users];
        for (var user = 0; user < Users; user++)
            lengths[user] = Of(user).Length;
        writer.Write(MemoryMarshal.AsBytes(lengths.AsSpan()));

        // Between two users that were changed the visits lie as they were packed.
        for (var user = 0; user < Users;)
        {
            var end = user;
            while (end < Users && end + 1 < _starts.Length && !_moved.ContainsKey(end))
                end++;
            if (end > user)
                writer.Write(MemoryMarshal.AsBytes(_packed.AsSpan(_starts[user].._starts[end])));
            if (end < Users)
                writer.Write(MemoryMarshal.AsBytes(Of(end)));
            user = end + 1;
        }
    }

    public void Read(BinaryReader reader)
    {
        var users = reader.ReadInt32();
        _users.EnsureCapacity(users);
        for (var user = 0; user < users; user++)
        {
            var name = reader.ReadString();
            _users[name] = user;
            _names.Add(name);
        }

        for (var left = reader.ReadInt32(); left > 0; left--)
            _segments.NumberOf(Segment.Parse(reader.ReadString()));
        for (var left = reader.ReadInt32(); left > 0; left--)
            _events.NumberOf(reader.ReadString());

        var lengths = new int[users];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(lengths.AsSpan()));
        _starts = new int[users + 1];
        for (var user = 0; user < users; user++)
            _starts[user + 1] = _starts[user] + lengths[user];
        _packed = new Visit[_starts[users]];
        for (var at = 0; at < _packed.Length; at += ChunkSize)
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_packed.AsSpan(at, Math.Min(ChunkSize, _packed.Length - at))));
    }

    private static long Millionths(decimal amount)
    {
        var units = amount * Visit.AmountUnits;
        return Math.Abs(units) < long.MaxValue / 2
            ? (long)decimal.Round(units, MidpointRounding.AwayFromZero)
            : throw new ModelException($"an activity has the amount {amount}, which is too large to be added up.");
    }

    /// <summary>Sorts visits and writes them with equal ones joined; says how many are left.</summary>
    private static int Join(Span<Visit> visits, Span<Visit> to)
    {
        visits.Sort(Visit.Order.Instance);
        var count = 0;
        foreach (ref readonly var visit in visits)
        {
            if (count > 0 && Visit.Order.Instance.Compare(to[count - 1], visit) == 0)
            {
                to[count - 1].Count += visit.Count;
                to[count - 1].Amount += visit.Amount;
            }
            else
            {
                to[count++] = visit;
            }
        }

        return count;
    }

    /// <summary>Things by a number that fits into a visit.</summary>
    private sealed class Names<T>
        where T : notnull
    {
        private readonly Dictionary<T, ushort> _numbers = [];
        private readonly List<T> _all = [];

        public IReadOnlyList<T> All => _all;

        public int? Find(T name) => _numbers.TryGetValue(name, out var number) ? number : null;

        public ushort NumberOf(T name)
        {
            if (_numbers.TryGetValue(name, out var number))
                return number;
            if (_all.Count >= Visit.Signup)
                throw new ModelException($"activities have more than {Visit.Signup} different events or segments, such as {name}. Map fewer dimensions.");

            _all.Add(name);
            return _numbers[name] = (ushort)(_all.Count - 1);
        }
    }
}
