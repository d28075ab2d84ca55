using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Records;

namespace Metrics.Core.Models.Activities;

/// <summary>
/// All metrics of users' activity computed together: in full from all records, or from what is remembered of the last time and the
/// records that changed since.
/// </summary>
/// <remarks>
/// Every figure is a sum over users. A change takes back what its users added, and adds what they add now; so it costs as much as those
/// users did, however many there are. Not for several threads.
/// </remarks>
public sealed class ActivityComputation
{
    private const int Version = 1;

    private readonly ReportingCalendar _calendar;
    private readonly ActivityHistory _history;
    private readonly ActivityCounter[] _counters;
    private readonly ActivityCounts _counts;
    private readonly PeriodNumbers _numbers;
    private readonly Dictionary<int, List<(Visit Visit, int Sign)>> _changes = [];
    private Horizon? _loaded;

    /// <param name="metrics">The metrics, each with the model that it names a measure of.</param>
    public ActivityComputation(ReportingCalendar calendar, IEnumerable<(Metric Metric, IActivityModel Model)> metrics)
    {
        (_calendar, _history, _numbers) = (calendar, new ActivityHistory(calendar), new PeriodNumbers(calendar));
        _counters = [.. metrics.Select(pair => pair.Model.CounterOf(pair.Metric, _history))];
        _counts = new ActivityCounts(_history, _counters, _numbers);
    }

    /// <summary>How many users are known.</summary>
    public int Users => _history.Users;

    /// <summary>Takes a record of a full computation.</summary>
    /// <exception cref="ModelException">There are too many kinds of things to tell apart.</exception>
    public void Add(RecordBody body, bool isSignup) => _history.Add(_history.UserOf(body), _history.VisitOf(body, isSignup));

    /// <summary>Takes a change of a computation that was loaded.</summary>
    public void Change(RecordBody? before, RecordBody? after, bool isSignup)
    {
        Note(before, -1);
        Note(after, 1);

        void Note(RecordBody? said, int sign)
        {
            if (said is not { } body)
                return;

            var user = _history.UserOf(body);
            if (!_changes.TryGetValue(user, out var changes))
                _changes[user] = changes = [];
            changes.Add((_history.VisitOf(body, isSignup), sign));
        }
    }

    /// <summary>Counts what was added or changed.</summary>
    /// <param name="activityBefore">The first local day that the sources of activities do not cover yet.</param>
    /// <param name="signupsBefore">The same of signups.</param>
    public void Count(DateOnly activityBefore, DateOnly signupsBefore, CancellationToken cancellationToken)
    {
        var horizon = new Horizon(activityBefore.DayNumber, signupsBefore.DayNumber);
        if (_loaded is { } before)
            Recount(before, horizon, cancellationToken);
        else
            CountAll(horizon, cancellationToken);
    }

    /// <summary>The points of the metrics: all of them, or of what was loaded those that may have changed.</summary>
    /// <param name="through">The first local day of which a metric's sources do not know yet; no point is computed from that day on.</param>
    /// <param name="known">The same when the computation was saved.</param>
    public IEnumerable<ModelOutput> Outputs(Func<Metric, DateOnly> through, Func<Metric, DateOnly> known) =>
        from counter in _counters
        let end = through(counter.Metric).AddDays(-counter.ClosesAfter)
        let loaded = _loaded is null ? (DateOnly?)null : known(counter.Metric).AddDays(-counter.ClosesAfter)
        from series in counter.Series
        let output = series.Output(_calendar, end, loaded)
        where output is not null
        select output;

    /// <summary>The first local day of which nothing is known yet of a metric: earlier than its sources by the window that has to close.</summary>
    public DateOnly CompleteThrough(Metric metric, DateOnly through) =>
        through.AddDays(-_counters.First(counter => counter.Metric.Id == metric.Id).ClosesAfter);

    /// <summary>The first local day on which anybody did something or signed up; null where nobody did.</summary>
    /// <param name="signups">Whether signups count, and not only activities.</param>
    /// <param name="activity">Whether activities count.</param>
    public DateOnly? DataFrom(bool activity, bool signups)
    {
        var first = int.MaxValue;
        for (var user = 0; user < _history.Users; user++)
        {
            foreach (ref readonly var visit in _history.Of(user))
            {
                if (visit.Day >= first)
                    break;
                if (visit.IsSignup ? signups : activity)
                    first = visit.Day;
            }
        }

        return first == int.MaxValue ? null : DateOnly.FromDayNumber(first);
    }

    /// <summary>What is wrong with what users did.</summary>
    /// <param name="today">The local day of the sync: what lies after it is in the future.</param>
    /// <param name="hasSignups">Whether there are signups at all; without them nobody is without one.</param>
    public IReadOnlyList<DataWarning> Warnings(DateOnly today, bool hasSignups)
    {
        var log = new WarningLog();
        for (var user = 0; user < _history.Users; user++)
            Warn(log, user, today.DayNumber, hasSignups);
        return log.Warnings;
    }

    /// <summary>Writes everything that the next computation goes on from.</summary>
    public void Save(Stream stream, DateOnly activityBefore, DateOnly signupsBefore)
    {
        using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(Version);
        writer.Write(activityBefore.DayNumber);
        writer.Write(signupsBefore.DayNumber);
        _history.Write(writer);
        foreach (var series in _counters.SelectMany(counter => counter.Series))
            series.Write(writer);
        writer.Write(Version);
    }

    /// <summary>Reads what was saved by a computation of the same metrics and calendar; false where it cannot be read.</summary>
    public bool TryLoad(Stream stream)
    {
        using var reader = new BinaryReader(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        if (reader.ReadInt32() != Version)
            return false;

        _loaded = new Horizon(reader.ReadInt32(), reader.ReadInt32());
        _history.Read(reader);
        foreach (var series in _counters.SelectMany(counter => counter.Series))
            series.Read(reader);
        return reader.ReadInt32() == Version;
    }

    /// <summary>The horizon that was loaded: the first days that were not covered then.</summary>
    public (DateOnly Activity, DateOnly Signup)? Loaded =>
        _loaded is { } horizon ? (DateOnly.FromDayNumber(horizon.Activity), DateOnly.FromDayNumber(horizon.Signup)) : null;

    private void CountAll(Horizon horizon, CancellationToken cancellationToken)
    {
        _history.Pack();
        CoverDays(horizon);
        for (var user = 0; user < _history.Users; user++)
        {
            if (user % 1024 == 0)
                cancellationToken.ThrowIfCancellationRequested();
            _counts.Count(_history.Of(user), horizon, 1);
        }
    }

    private void Recount(Horizon before, Horizon horizon, CancellationToken cancellationToken)
    {
        CoverDays(horizon);
        var touched = new HashSet<int>(_changes.Keys);
        var (from, to) = (Math.Min(before.Activity, before.Signup), Math.Max(horizon.Activity, horizon.Signup));
        if (before != horizon)
            touched.UnionWith(_history.UsersBetween(from, to));
        foreach (var user in touched)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _counts.Count(_history.Of(user), before, -1);
            if (_changes.TryGetValue(user, out var changes))
                _history.Change(user, changes);
            _counts.Count(_history.Of(user), horizon, 1);
        }
    }

    private void CoverDays(Horizon horizon)
    {
        if (DataFrom(activity: true, signups: true) is { } first)
            _numbers.Cover(first.DayNumber, Math.Max(horizon.Activity, horizon.Signup));
    }

    private void Warn(WarningLog log, int user, int today, bool hasSignups)
    {
        var visits = _history.Of(user);
        for (var i = visits.Length - 1; i >= 0 && visits[i].Day > today; i--)
        {
            for (var n = 0; n < visits[i].Count; n++)
            {
                log.Note(
                    "future", "{0} events lie in the future, and are left out until their day has come.", leftOut: true,
                    "activity", _history.NameOf(user), What(visits[i]));
            }
        }

        if (!hasSignups || visits.Length == 0)
            return;

        Visit? signup = null;
        foreach (ref readonly var visit in visits)
        {
            if (visit.IsSignup)
            {
                signup = visit;
                break;
            }
        }

        if (signup is not { } first)
        {
            log.Note(
                "no_signup", "{0} users did something and never signed up; they count as active, and in no cohort of signups.", leftOut: false,
                "activity", _history.NameOf(user), What(visits[0]));
            return;
        }

        foreach (ref readonly var visit in visits)
        {
            var isBefore = visit.Day < first.Day
                || (visit.Day == first.Day && visit.Minute != Visit.NoMinute && first.Minute != Visit.NoMinute && visit.Minute < first.Minute);
            if (!isBefore)
                break;
            for (var n = 0; n < visit.Count; n++)
            {
                log.Note(
                    "before_signup", "{0} events lie before the signup of their user; they count as activity, and not for activation.", leftOut: false,
                    "activity", _history.NameOf(user), What(visit));
            }
        }
    }

    private string What(Visit visit)
    {
        var when = visit.Minute == Visit.NoMinute
            ? FormattableString.Invariant($"on {DateOnly.FromDayNumber(visit.Day):yyyy-MM-dd}")
            : FormattableString.Invariant($"at {DateTimeOffset.FromUnixTimeSeconds(visit.Minute * 60L):yyyy-MM-dd HH:mm} UTC");
        return $"{(visit.IsSignup ? "signup" : _history.Events[visit.Event])} {when}";
    }
}
