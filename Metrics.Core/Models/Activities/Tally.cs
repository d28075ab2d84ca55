using System.Runtime.InteropServices;

namespace Metrics.Core.Models.Activities;

/// <summary>
/// Sums by lane and place, to which users add what is theirs and from which it is taken again when it changes. A lane is a series, a
/// place one of its periods.
/// </summary>
/// <remarks>
/// In a running tally each place holds what is added from there on, so that a user who counts on a thousand days in a row is two
/// numbers. The lanes as they were when the tally was loaded are kept beside those that change, to tell which figures are new.
/// </remarks>
internal sealed class Tally(bool isRunning)
{
    private readonly List<Lane> _lanes = [];

    public int Lanes => _lanes.Count;

    /// <summary>Makes room for a lane of this number.</summary>
    public void Ensure(int lane)
    {
        while (_lanes.Count <= lane)
            _lanes.Add(new Lane());
    }

    public void Add(int lane, int place, long amount)
    {
        if (amount != 0)
            _lanes[lane].Add(place, amount);
    }

    /// <summary>Adds to every place of a run. Only for running tallies.</summary>
    public void AddRun(int lane, int from, int to, long amount)
    {
        _lanes[lane].Add(from, amount);
        _lanes[lane].Add(to, -amount);
    }

    /// <summary>The figures of a lane, place by place from its first one on; none where all is taken back.</summary>
    /// <param name="before">The first place that is not asked for. A lane that is not running ends with its last sum.</param>
    public IEnumerable<(int Place, long Value)> Values(int lane, int before) => _lanes[lane].Values(isRunning, before);

    /// <summary>The figure of one place.</summary>
    public long At(int lane, int place) => lane < _lanes.Count ? _lanes[lane].At(isRunning, place) : 0;

    /// <summary>The first and the last place whose figure is another than when the tally was loaded, over all lanes; null where all are the same.</summary>
    /// <param name="before">Places from here on are not looked at.</param>
    /// <param name="hasZeros">Whether a place without anything has a figure from the first place of its lane on.</param>
    public (int First, int Last)? Changed(int before, bool hasZeros)
    {
        (int First, int Last)? changed = null;
        foreach (var lane in _lanes)
        {
            if (lane.Changed(isRunning, before, hasZeros) is { } own)
                changed = changed is { } known ? (Math.Min(known.First, own.First), Math.Max(known.Last, own.Last)) : own;
        }

        return changed;
    }

    /// <summary>Takes everything back, and keeps the room.</summary>
    public void Clear() => _lanes.ForEach(lane => lane.Clear());

    public void Write(BinaryWriter writer)
    {
        writer.Write(_lanes.Count);
        foreach (var lane in _lanes)
            lane.Write(writer);
    }

    public void Read(BinaryReader reader)
    {
        for (var left = reader.ReadInt32(); left > 0; left--)
            _lanes.Add(Lane.Read(reader));
    }

    private sealed class Lane
    {
        private int _first;
        private long[] _sums = [];
        private int _loadedFirst;
        private long[] _loaded = [];
        private bool _isTouched = true;

        public void Add(int place, long amount)
        {
            if (!_isTouched)
            {
                (_loadedFirst, _loaded, _isTouched) = (_first, [.. _sums], true);
            }

            if (_sums.Length == 0)
                (_first, _sums) = (place, new long[16]);
            else if (place < _first)
                Grow(place - Math.Min(place, _sums.Length), _first + _sums.Length);
            else if (place >= _first + _sums.Length)
                Grow(_first, place + 1 + (place - _first) / 2);
            _sums[place - _first] += amount;
        }

        public IEnumerable<(int Place, long Value)> Values(bool isRunning, int before)
        {
            var start = Array.FindIndex(_sums, sum => sum != 0);
            if (start < 0)
                yield break;

            long sum = 0;
            var end = isRunning ? before : Math.Min(before, _first + _sums.Length);
            for (var place = _first + start; place < end; place++)
            {
                var own = place - _first < _sums.Length ? _sums[place - _first] : 0;
                yield return (place, sum = isRunning ? sum + own : own);
            }
        }

        public long At(bool isRunning, int place)
        {
            if (!isRunning)
                return At(_sums, _first, place);

            long sum = 0;
            for (var i = 0; i < _sums.Length && _first + i <= place; i++)
                sum += _sums[i];
            return sum;
        }

        public (int First, int Last)? Changed(bool isRunning, int before, bool hasZeros)
        {
            if (!_isTouched)
                return null;

            (int First, int Last)? changed = null;
            long sum = 0;
            var (start, end) = Ends();
            for (var place = start; place < Math.Min(before, end); place++)
            {
                var difference = At(_sums, _first, place) - At(_loaded, _loadedFirst, place);
                sum = isRunning ? sum + difference : difference;
                if (sum != 0)
                    changed = (changed?.First ?? place, place);
            }

            // What is added to the last place of a run holds for all that follow.
            if (isRunning && sum != 0 && end < before)
                changed = (changed?.First ?? end, before - 1);

            // Zeros come and go with the place that a lane begins with.
            var (was, now) = (FirstOf(_loaded, _loadedFirst), FirstOf(_sums, _first));
            if (!hasZeros || was == now)
                return changed;

            var last = was is null || now is null ? before - 1 : Math.Min(Math.Max(was.Value, now.Value), before - 1);
            var first = Math.Min(was ?? int.MaxValue, now ?? int.MaxValue);
            return first > last ? changed : (Math.Min(first, changed?.First ?? first), Math.Max(last, changed?.Last ?? last));
        }

        public void Clear() => _sums = [];

        public void Write(BinaryWriter writer)
        {
            writer.Write(_first);
            writer.Write(_sums.Length);
            writer.Write(MemoryMarshal.AsBytes(_sums.AsSpan()));
        }

        public static Lane Read(BinaryReader reader)
        {
            var lane = new Lane { _first = reader.ReadInt32(), _sums = new long[reader.ReadInt32()], _isTouched = false };
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(lane._sums.AsSpan()));
            return lane;
        }

        private (int Start, int End) Ends() => (_sums.Length, _loaded.Length) switch
        {
            (0, _) => (_loadedFirst, _loadedFirst + _loaded.Length),
            (_, 0) => (_first, _first + _sums.Length),
            _ => (Math.Min(_first, _loadedFirst), Math.Max(_first + _sums.Length, _loadedFirst + _loaded.Length)),
        };

        private void Grow(int start, int end)
        {
            var grown = new long[end - start];
            _sums.CopyTo(grown, _first - start);
            (_first, _sums) = (start, grown);
        }

        private static int? FirstOf(long[] sums, int first) => Array.FindIndex(sums, sum => sum != 0) is >= 0 and var at ? first + at : null;

        private static long At(long[] sums, int first, int place) =>
            place >= first && place - first < sums.Length ? sums[place - first] : 0;
    }
}
