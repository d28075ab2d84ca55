using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Alerts;

/// <summary>What evaluating a rule once gave; nothing of it is stored yet.</summary>
/// <param name="Instances">How many alerts the rule has.</param>
/// <param name="Record">What is to be stored; null where nothing is new.</param>
public sealed record RuleOutcome(AlertRule Rule, int Instances, AlertRecord? Record)
{
    public IReadOnlyList<Transition> Transitions => Record?.Transitions ?? [];
}

/// <summary>
/// Judges a rule's periods: each complete one once, in order. A running period is never judged, and a change of a judged one does not
/// open it again.
/// </summary>
public sealed class AlertEvaluator(RuleFigures figures, TimeProvider clock)
{
    /// <summary>
    /// How far back segments are looked for: one that had data in a quarter is still there, also in a period without any.
    /// </summary>
    public const int LookBack = 13;

    /// <summary>
    /// Evaluates a rule on the periods that were over at <paramref name="moment"/>. An alert that was never judged begins with the
    /// newest complete periods, as many as the rule asks for.
    /// </summary>
    /// <param name="known">The rule's alerts as they stand.</param>
    public async Task<RuleOutcome> EvaluateAsync(
        AlertRule rule, IReadOnlyList<AlertInstance> known, ReportingCalendar calendar, MetricCatalog catalog, DateTimeOffset moment,
        CancellationToken cancellationToken)
    {
        var grain = rule.Grain;
        var newest = calendar.Previous(grain, calendar.Containing(grain, calendar.DayOf(moment)));
        if (known.Count > 0 && known.All(instance => instance.Status.JudgedBefore >= newest.End))
            return new RuleOutcome(rule, known.Count, null);

        var look = new Look(rule, new RuleWords(rule, catalog[rule.Metric], calendar), calendar, moment, clock.GetUtcNow());
        var statuses = known.ToDictionary(instance => instance.Segment, instance => instance.Status);
        try
        {
            look.Known = await figures.KnownAsync(rule, calendar, catalog, cancellationToken);
            look.Periods = calendar.Covering(grain, FirstDay(rule, statuses.Values, look.Known, newest, calendar), newest.End);
            var read = await figures.ReadAsync(rule, calendar, catalog, look.Periods, cancellationToken);
            foreach (var segment in read.Keys.Union(statuses.Keys).OrderBy(segment => segment.Text, StringComparer.Ordinal))
                Judge(look, segment, statuses.GetValueOrDefault(segment), read.GetValueOrDefault(segment));
        }
        catch (MetricQueryException cannot)
        {
            foreach (var segment in statuses.Count > 0 ? statuses.Keys : (IEnumerable<Segment>)[Segment.Total])
                look.Take(segment, statuses.GetValueOrDefault(segment) ?? AlertStatus.Start,
                    new Evaluation.Failed(newest, look.At, cannot.Message));
        }

        return new RuleOutcome(rule, Math.Max(statuses.Count, look.Instances), look.Record);
    }

    /// <summary>Early enough for what is not judged yet, and for finding segments that have no data in the newest periods.</summary>
    private static DateOnly FirstDay(AlertRule rule, IEnumerable<AlertStatus> statuses, Period? known, Period newest,
        ReportingCalendar calendar)
    {
        var lastKnown = known is null || known.End >= newest.End ? newest
            : calendar.Previous(rule.Grain, calendar.Containing(rule.Grain, known.End));
        var first = calendar.Shift(rule.Grain, lastKnown, 1 - rule.For - LookBack).Start;
        return statuses.Select(status => status.JudgedBefore).OfType<DateOnly>().Append(first).Min();
    }

    private static void Judge(Look look, Segment segment, AlertStatus? before, IReadOnlyList<Reading>? readings)
    {
        var status = before ?? AlertStatus.Start;
        var first = status.JudgedBefore ?? FirstOf(look, readings);
        var lastComplete = readings is null ? -1 : LastIndex(readings, reading => reading.Value.Complete);
        for (var i = 0; i < look.Periods.Count; i++)
        {
            if (look.Periods[i].Start < first)
                continue;

            // A period with a hole that later ones have overtaken will not be judged any more; it neither holds nor breaks a run.
            var evaluation = readings?[i].Value.Complete == true ? look.Complete(readings[i])
                : before is not null && look.IsMissing(segment, i, readings?[i]) ? new Evaluation.Missing(look.Periods[i], look.At)
                : i > lastComplete ? look.Incomplete(look.Periods[i], readings?[i])
                : null;
            if (evaluation is not null)
                status = look.Take(segment, status, evaluation);
        }
    }

    private static DateOnly FirstOf(Look look, IReadOnlyList<Reading>? readings)
    {
        var complete = readings?.Where(reading => reading.Value.Complete).Select(reading => reading.Value.Period.Start).ToArray() ?? [];
        return complete.Length == 0 ? look.Periods[^1].Start : complete[^Math.Min(complete.Length, look.Rule.For)];
    }

    private static int LastIndex(IReadOnlyList<Reading> readings, Func<Reading, bool> holds)
    {
        for (var i = readings.Count - 1; i >= 0; i--)
        {
            if (holds(readings[i]))
                return i;
        }

        return -1;
    }

    /// <summary>One evaluation of a rule, and what it has given so far.</summary>
    private sealed class Look(AlertRule rule, RuleWords words, ReportingCalendar calendar, DateTimeOffset moment, DateTimeOffset at)
    {
        private readonly List<LoggedEvaluation> _evaluations = [];
        private readonly List<Transition> _transitions = [];
        private readonly Dictionary<Segment, AlertStatus> _statuses = [];

        public AlertRule Rule => rule;

        public DateTimeOffset At => at;

        /// <summary>The days for which the metric is known.</summary>
        public Period? Known { get; set; }

        /// <summary>The periods that were read, oldest first; the last one is the newest that is over.</summary>
        public IReadOnlyList<Period> Periods { get; set; } = [];

        public int Instances => _statuses.Count;

        public AlertRecord? Record => _statuses.Count == 0 ? null : new AlertRecord(
            rule.Id, _evaluations, [.. _statuses.Select(pair => new AlertInstance(rule.Id, pair.Key, pair.Value))], _transitions);

        public Evaluation Complete(Reading reading)
        {
            var period = reading.Value.Period;
            var figure = new Figure(reading.Value.Value, reading.Base?.Value, reading.Measure(rule.When), reading.Value.AsOf);
            if (rule.When is Condition.NoData)
                return new Evaluation.NotMet(period, at, figure, Recovered: true);
            if (figure.Measured is not { } measured)
                return new Evaluation.NoData(period, at, Complete: true, figure.Value is null ? "its figure is undefined"
                    : "there is nothing to compare it with");
            return rule.When.Holds(measured)
                ? new Evaluation.Met(period, at, figure)
                : new Evaluation.NotMet(period, at, figure, rule.Recover?.Holds(measured) ?? true);
        }

        /// <summary>Whether the metric is known for a period and the segment is not there, or is one that the rule no longer has.</summary>
        public bool IsMissing(Segment segment, int index, Reading? reading) =>
            segment.Cut != string.Join(',', rule.By)
            || (rule.By.Count > 0 && reading is not { Value.CoveredDays: > 0 } && Known is { } days && days.Start <= Periods[index].Start
                && days.End >= Periods[index].End);

        /// <summary>What is said of a period that is over and not complete; null while its grace lasts.</summary>
        public Evaluation? Incomplete(Period period, Reading? reading)
        {
            if (moment < calendar.StartOf(period.End) + rule.Grace)
                return null;
            if (rule.When is Condition.NoData)
                return new Evaluation.Met(period, at, new Figure(null, null, null, reading?.Value.AsOf));
            if (Known is null)
                return new Evaluation.NoData(period, at, Complete: false, "no source has delivered it yet");
            if (Known.Start > period.Start)
                return new Evaluation.NoData(period, at, Complete: false,
                    FormattableString.Invariant($"the data begin on {Known.Start:d MMM yyyy}"));
            return Known.End < period.End
                ? new Evaluation.Stale(period, at, Known.End)
                : new Evaluation.NoData(period, at, Complete: false,
                    FormattableString.Invariant($"{period.Days - (reading?.Value.CoveredDays ?? 0)} of its {period.Days} days have no value"));
        }

        /// <summary>Moves an alert on by an evaluation and notes both; one that only says again what is known is not noted.</summary>
        public AlertStatus Take(Segment segment, AlertStatus before, Evaluation evaluation)
        {
            var after = before.After(evaluation, rule);
            if (!AlertStatus.IsFinal(evaluation, rule) && before.AwaitedBefore is { } awaited
                && (evaluation.Period.End < awaited || (evaluation.Period.End == awaited && after.State == before.State)))
                return before;

            // Data that are still not there are not there for a second period.
            if (evaluation is Evaluation.Met && evaluation.Period.End == before.AwaitedBefore && before.State == before.Judged)
                return before;

            var sentence = words.Sentence(segment, before, after, evaluation);
            _statuses[segment] = after;
            _evaluations.Add(LoggedEvaluation.Of(rule, segment, evaluation, before, after, sentence));
            if (after.State != before.State || after.Judged != before.Judged)
                _transitions.Add(new Transition(0, rule.Id, segment, rule.Grain, evaluation.Period, at, before.State, after.State,
                    before.Judged, after.Judged, ReasonOf(evaluation), sentence, after.ValueOf == evaluation.Period ? after.Value : null));
            return after;
        }

        private TransitionReason ReasonOf(Evaluation evaluation) => evaluation switch
        {
            Evaluation.Met => TransitionReason.ConditionMet,
            Evaluation.NotMet => rule.Recover is null ? TransitionReason.ConditionNotMet : TransitionReason.Recovered,
            Evaluation.NoData => TransitionReason.NoData,
            Evaluation.Stale => TransitionReason.Stale,
            Evaluation.Missing => TransitionReason.MissingSeries,
            _ => TransitionReason.EvaluationFailed,
        };
    }
}
