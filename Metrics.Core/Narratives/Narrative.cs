using Metrics.Core.Boards;
using Metrics.Core.Periods;

namespace Metrics.Core.Narratives;

/// <summary>What counts of what was said about a finding in one period.</summary>
/// <param name="Earlier">What was said before in the same period and no longer counts, newest first.</param>
public sealed record Comment(string Finding, Stance Stance, string Text, string By, DateTimeOffset At, IReadOnlyList<CommentEntry> Earlier);

/// <summary>A finding that somebody has been looking into since an earlier period.</summary>
/// <param name="Since">The period in which the question came up.</param>
/// <param name="Age">How many of the board's periods ago that was; at least 1.</param>
/// <param name="Last">The newest word on it from before the period that is looked at, with the period it was said in.</param>
/// <param name="Now">What is said about it in the period itself; null for nothing yet.</param>
public sealed record OpenItem(string Finding, Period Since, int Age, CommentEntry Last, Period LastPeriod, Comment? Now)
{
    /// <summary>Whether the period that is looked at leaves the question open.</summary>
    public bool IsOpen => Now is null or { Stance: Stance.Investigating };
}

/// <summary>A decision as it stands in the period that is looked at.</summary>
/// <param name="MadeIn">The period in whose review it was made.</param>
/// <param name="Age">How many periods ago that was; 0 for one of this review.</param>
/// <param name="Newest">The entry that counts.</param>
/// <param name="Earlier">The entries before it, newest first.</param>
public sealed record Decision(string Id, Period MadeIn, int Age, DecisionEntry Newest, IReadOnlyList<DecisionEntry> Earlier)
{
    public bool IsDone => Newest.IsDone == true;

    public bool IsOverdue(DateOnly today) => !IsDone && Newest.Due < today;
}

/// <summary>
/// What a review has on record for a board and a period: comments on findings, questions that earlier periods left open, and decisions.
/// </summary>
/// <remarks>
/// It follows from the log alone, whatever the order in which the entries come: of each finding and period the newest entry counts, and
/// periods are gone through in the order of time up to the one that is looked at. So what was on record in an earlier week can be looked
/// at again, and what was said later is not known there.
/// </remarks>
public sealed class Narrative
{
    private Narrative(IReadOnlyDictionary<string, Comment> comments, IReadOnlyList<OpenItem> openItems, IReadOnlyList<Decision> decisions) =>
        (Comments, OpenItems, Decisions) = (comments, openItems, decisions);

    /// <summary>A review in which nothing was said.</summary>
    public static Narrative Empty { get; } = new(new Dictionary<string, Comment>(), [], []);

    /// <summary>What is said in the period, by finding.</summary>
    public IReadOnlyDictionary<string, Comment> Comments { get; }

    /// <summary>What earlier periods left open, the oldest first; also what is closed in this period.</summary>
    public IReadOnlyList<OpenItem> OpenItems { get; }

    /// <summary>What was decided in the period, and before and not done when it began; oldest first.</summary>
    public IReadOnlyList<Decision> Decisions { get; }

    public Comment? CommentOn(string finding) => Comments.GetValueOrDefault(finding);

    public OpenItem? OpenItemOf(string finding) => OpenItems.FirstOrDefault(item => item.Finding == finding);

    /// <summary>The state of a board's log at a period. Entries for periods that the calendar does not have at this grain are passed over.</summary>
    public static Narrative At(
        IEnumerable<CommentEntry> comments, IEnumerable<DecisionEntry> decisions, ReportingCalendar calendar, Grain grain, Period period)
    {
        var now = calendar.NumberOf(grain, period.Start);
        var said = Placed(comments, entry => entry.Period);
        var byFinding = said.GroupBy(pair => pair.Entry.Finding).ToDictionary(group => group.Key, group => group.ToArray());
        var today = new Dictionary<string, Comment>(StringComparer.Ordinal);
        var open = new List<OpenItem>();
        foreach (var (finding, entries) in byFinding)
        {
            var comment = CommentAmong([.. entries.Where(pair => pair.Number == now).Select(pair => pair.Entry)]);
            if (comment is not null)
                today[finding] = comment;
            if (OpenBefore(entries) is var (since, last, lastNumber))
            {
                open.Add(new OpenItem(
                    finding, calendar.Numbered(grain, since), now - since, last, calendar.Numbered(grain, lastNumber), comment));
            }
        }

        return new Narrative(
            today, [.. open.OrderBy(item => item.Since.Start).ThenBy(item => item.Finding, StringComparer.Ordinal)], [.. DecisionsNow()]);

        (T Entry, int Number)[] Placed<T>(IEnumerable<T> entries, Func<T, string> key) =>
        [
            .. entries.Select(entry => (Entry: entry, Period: calendar.TryParse(grain, key(entry), out var parsed) ? parsed : null))
                .Where(pair => pair.Period is not null)
                .Select(pair => (pair.Entry, Number: calendar.NumberOf(grain, pair.Period!.Start)))
                .Where(pair => pair.Number <= now),
        ];

        // The question that is open when the period begins, with the period it came up in and the last word on it.
        (int Since, CommentEntry Last, int LastNumber)? OpenBefore((CommentEntry Entry, int Number)[] entries)
        {
            (int Since, CommentEntry Last, int LastNumber)? question = null;
            foreach (var one in entries.Where(pair => pair.Number < now).GroupBy(pair => pair.Number).OrderBy(group => group.Key))
            {
                var newest = one.MaxBy(pair => pair.Entry.Number).Entry;
                question = newest.Stance switch
                {
                    null => question,
                    Stance.Investigating => (question?.Since ?? one.Key, newest, one.Key),
                    _ => null,
                };
            }

            return question;
        }

        IEnumerable<Decision> DecisionsNow()
        {
            var found = new List<Decision>();
            foreach (var log in Placed(decisions, entry => entry.Period).GroupBy(pair => pair.Entry.Decision))
            {
                var ordered = log.OrderBy(pair => pair.Number).ThenBy(pair => pair.Entry.Number).ToArray();
                var madeIn = log.MinBy(pair => pair.Entry.Number).Number;
                var wasOpen = ordered.LastOrDefault(pair => pair.Number < now).Entry is { IsDone: false };
                if (ordered[^1].Entry.IsDone is not null && (madeIn == now || wasOpen))
                {
                    found.Add(new Decision(
                        log.Key, calendar.Numbered(grain, madeIn), now - madeIn, ordered[^1].Entry,
                        [.. ordered.SkipLast(1).Select(pair => pair.Entry).Reverse()]));
                }
            }

            return found.OrderBy(one => one.MadeIn.Start).ThenBy(one => one.Earlier.Count > 0 ? one.Earlier[^1].Number : one.Newest.Number);
        }
    }

    private static Comment? CommentAmong(IReadOnlyList<CommentEntry> entries)
    {
        CommentEntry[] newestFirst = [.. entries.OrderByDescending(entry => entry.Number)];
        return newestFirst is [{ Stance: { } stance } newest, .. var earlier]
            ? new Comment(newest.Finding, stance, newest.Text, newest.By, newest.At, earlier)
            : null;
    }
}

/// <summary>Gives what is on record of the reviews of boards.</summary>
public sealed class NarrativeReader(INarrativeStore store)
{
    /// <summary>The record of a board for a period of its grain.</summary>
    public async Task<Narrative> ReadAsync(Board board, ReportingCalendar calendar, Period period, CancellationToken cancellationToken) => Narrative.At(
        await store.CommentsAsync(board.Id, cancellationToken), await store.DecisionsAsync(board.Id, cancellationToken), calendar, board.Grain, period);
}
