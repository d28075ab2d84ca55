using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Push;

/// <summary>What became of the lines of the inbox.</summary>
/// <param name="Written">How many became values.</param>
/// <param name="Outdated">How many went because a value for their day had been pushed later.</param>
/// <param name="Ignored">How many went because a rule does not want them.</param>
/// <param name="Left">How many still wait.</param>
public sealed record TakenIn(long Written, long Outdated, long Ignored, long Left);

/// <summary>Stores what was pushed.</summary>
public sealed class PushIntake(ISeriesStore series, IPushInbox inbox, IDataVersion version, TimeProvider clock)
{
    // Some ten milliseconds of writing: other writers need not wait longer for their turn.
    private const int PointsAtOnce = 20_000;

    /// <summary>
    /// Stores the values of a batch and keeps what maps to no metric. A value replaces what is there for its series and day, so a push
    /// that is sent again changes nothing. What the store refuses for good is added to <see cref="PushBatch.Refused"/>.
    /// </summary>
    public async Task<WriteOutcome> StoreAsync(PushBatch batch, CancellationToken cancellationToken)
    {
        var stamp = new WriteStamp(batch.Received, $"push by {batch.Token.Name}");
        var outcome = WriteOutcome.Nothing;
        foreach (var chunk in Chunks(batch.Series))
        {
            try
            {
                outcome += await series.WriteAsync(Points(chunk), stamp, cancellationToken);
            }
            catch (ArgumentException)
            {
                // One series is at fault; the others of the chunk are not.
                foreach (var one in chunk)
                    outcome += await StoreAloneAsync(batch, one, stamp, cancellationToken);
            }
        }

        // Also when nothing changed: it may be the second try of a push that was stored and not answered.
        if (batch.Series.Count > 0)
            await version.AdvanceAsync(cancellationToken);

        InboxLine[] waiting = [.. batch.Waiting];
        if (waiting.Length > 0)
            await inbox.KeepAsync(waiting, cancellationToken);
        return outcome;
    }

    /// <summary>Asks the rules of today about what waits: what they map is written and goes, as does what they do not want.</summary>
    /// <param name="by">Who asks; restatements name them.</param>
    public async Task<TakenIn> TakeInAsync(PushMap map, string by, CancellationToken cancellationToken)
    {
        var total = new TakenIn(0, 0, 0, 0);
        foreach (var group in await inbox.GroupsAsync(cancellationToken))
        {
            var lines = await inbox.LinesAsync(group.Measurement, group.Field, cancellationToken);
            var found = lines.Select(line => (Line: line, To: map.Find(group.Measurement, line.Tags, group.Field))).ToArray();
            var taken = await WriteAsync(map, [.. found.Where(one => one.To is Destination.Stored)], by, cancellationToken);
            await inbox.RemoveAsync([.. found.Where(one => one.To is Destination.Stored or Destination.Ignored).Select(one => one.Line)], cancellationToken);
            total = new TakenIn(
                total.Written + taken.Written, total.Outdated + taken.Outdated, total.Ignored + found.Count(one => one.To is Destination.Ignored),
                total.Left + found.Count(one => one.To is Destination.Waiting or Destination.Refused));
        }

        if (total.Written > 0)
            await version.AdvanceAsync(cancellationToken);
        return total;
    }

    private async Task<(long Written, long Outdated)> WriteAsync(
        PushMap map, IReadOnlyCollection<(InboxLine Line, Destination To)> lines, string by, CancellationToken cancellationToken)
    {
        var days = new PushedDays(map.Calendar);
        var stamp = new WriteStamp(clock.GetUtcNow(), $"inbox of pushes, taken in by {by}");
        var (written, outdated) = (0L, 0L);
        foreach (var one in lines.Select(one => (one.Line, To: (Destination.Stored)one.To)).GroupBy(one => one.To.Key))
        {
            var dated = one.Select(line => (Day: DayOf(line.To, line.Line), line.Line)).ToArray();
            var stored = await FirstWrittenAsync(one.Key, dated.Min(line => line.Day), dated.Max(line => line.Day), cancellationToken);
            var values = new NewestByDay();
            foreach (var (day, line) in dated)
            {
                // Since there is a rule values are stored at once, and they are newer than the one that waited.
                if (stored.TryGetValue(day, out var since) && since > line.Seen)
                {
                    outdated++;
                    continue;
                }

                values.Set(day, PushedDays.Nanos(line.At), line.Value, 0);
                written++;
            }

            await series.WriteAsync([new SeriesPoints(one.Key, Points(values))], stamp, cancellationToken);
        }

        return (written, outdated);

        DateOnly DayOf(Destination.Stored to, InboxLine line)
        {
            var at = PushedDays.Nanos(line.At);
            var day = to.Days == PushDays.Utc ? PushedDays.Utc(at) : days.Local(at);
            return to.Key.Grain == Grain.Day ? day : map.Calendar.Containing(to.Key.Grain, day).Start;
        }
    }

    private async Task<Dictionary<DateOnly, DateTimeOffset>> FirstWrittenAsync(
        SeriesKey key, DateOnly first, DateOnly last, CancellationToken cancellationToken)
    {
        var query = new SeriesQuery
        {
            Metrics = [key.Metric],
            Grain = key.Grain,
            Cut = [.. key.Segment.Values.Select(pair => pair.Key)],
            Filter = key.Segment.Values.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)[pair.Value]),
            Days = new Period(first, last.AddDays(1)),
        };
        var stored = await series.ReadAsync(query, cancellationToken);
        return stored.SelectMany(one => one.Points).ToDictionary(point => point.Day, point => point.FirstWritten);
    }

    private async Task<WriteOutcome> StoreAloneAsync(
        PushBatch batch, KeyValuePair<SeriesKey, NewestByDay> one, WriteStamp stamp, CancellationToken cancellationToken)
    {
        try
        {
            return await series.WriteAsync(Points([one]), stamp, cancellationToken);
        }
        catch (ArgumentException refused)
        {
            foreach (var value in one.Value.Values)
                batch.Refused.Add(value.Line, refused.Message);
            return WriteOutcome.Nothing;
        }
    }

    /// <summary>The series in groups of about as many points; a series that has more of them is a group of its own.</summary>
    private static IEnumerable<IReadOnlyList<KeyValuePair<SeriesKey, NewestByDay>>> Chunks(IEnumerable<KeyValuePair<SeriesKey, NewestByDay>> all)
    {
        var chunk = new List<KeyValuePair<SeriesKey, NewestByDay>>();
        var points = 0;
        foreach (var one in all)
        {
            chunk.Add(one);
            points += one.Value.Values.Count;
            if (points < PointsAtOnce)
                continue;

            yield return chunk;
            (chunk, points) = ([], 0);
        }

        if (chunk.Count > 0)
            yield return chunk;
    }

    private static SeriesPoints[] Points(IReadOnlyCollection<KeyValuePair<SeriesKey, NewestByDay>> chunk) =>
        [.. chunk.Select(one => new SeriesPoints(one.Key, Points(one.Value)))];

    private static Point[] Points(NewestByDay values) => [.. values.Values.Select(value => new Point(value.Day, value.Value))];
}
