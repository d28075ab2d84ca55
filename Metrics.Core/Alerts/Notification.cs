using System.Globalization;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Alerts;

/// <summary>A row of a notification's table.</summary>
public sealed record Fact(string Name, string Value);

/// <summary>A period in a notification's chart.</summary>
/// <param name="Label">The period's short name.</param>
/// <param name="Value">The figure; null where it is not complete or not defined.</param>
/// <param name="Text">The figure as it is written.</param>
/// <param name="Offends">Whether the rule's condition holds for it.</param>
public sealed record ChartBar(string Label, decimal? Value, string Text, bool Offends);

/// <summary>
/// What recipients are told, in words and numbers; how it looks is up to the channel. All texts are plain and not encoded.
/// </summary>
public sealed record Notification
{
    /// <summary>The same whenever the same is told again.</summary>
    public required string Id { get; init; }

    /// <summary>The <see cref="Id"/> of the notification that this one answers; null for the first one.</summary>
    public string? InReplyTo { get; init; }

    public required NotificationReason Reason { get; init; }

    public required Severity Severity { get; init; }

    /// <summary>"[FIRING · warning] Net new MRR $27.6k – below $28.9k (W46)".</summary>
    public required string Subject { get; init; }

    /// <summary>"Alert · firing since W46 · warning".</summary>
    public required string Kicker { get; init; }

    /// <summary>"Net new MRR $27.6k: below $28.9k".</summary>
    public required string Headline { get; init; }

    /// <summary>What happened, as a sentence; then how the period compares with others.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }

    public required IReadOnlyList<Fact> Facts { get; init; }

    /// <summary>The last periods, oldest first; the last one is the one that is told of.</summary>
    public required IReadOnlyList<ChartBar> Bars { get; init; }

    /// <summary>The limits in the unit of the bars' values, lowest first.</summary>
    public required IReadOnlyList<decimal> Limits { get; init; }

    /// <summary>The path of the metric's page on the dashboard.</summary>
    public required string Path { get; init; }

    /// <summary>"Data as of Mon 16 Nov 2026 06:12 (Europe/Berlin)".</summary>
    public required string AsOf { get; init; }
}

/// <summary>What a notification is written from.</summary>
/// <param name="Subject">The transition that is told.</param>
/// <param name="Fired">The transition with which the alert began to fire; for a resolved one an earlier one.</param>
/// <param name="History">The periods up to the subject's, oldest first; empty where they cannot be read.</param>
/// <param name="YearAgo">The figure of the period a year before.</param>
/// <param name="FiredInAYear">How often the alert began to fire in twelve months.</param>
public sealed record NotificationFacts(
    AlertRule Rule, Metric Metric, ReportingCalendar Calendar, Transition Subject, Transition? Fired,
    IReadOnlyList<Reading> History, PeriodValue? YearAgo, int FiredInAYear);

/// <summary>Writes what recipients are told. Pure: the same facts give the same notification.</summary>
public static class NotificationWriter
{
    public static Notification Write(NotificationFacts facts)
    {
        var (rule, subject, calendar) = (facts.Rule, facts.Subject, facts.Calendar);
        var words = new RuleWords(rule, facts.Metric, calendar);
        var period = words.Name(subject.Period);
        var name = words.Subject(subject.Segment);
        var firing = subject.StartsFiring;
        var reading = facts.History.Count > 0 ? facts.History[^1] : null;
        var figure = new Figure(subject.Value, reading?.Base?.Value, rule.When.Measure(subject.Value, reading?.Base?.Value),
            reading?.Value.AsOf);
        var outcome = words.Outcome(
            firing ? new Evaluation.Met(subject.Period, subject.At, figure)
            : subject.Reason == TransitionReason.MissingSeries ? new Evaluation.Missing(subject.Period, subject.At)
            : new Evaluation.NotMet(subject.Period, subject.At, figure, Recovered: true));
        var what = figure.Value is null ? name : $"{name} {words.Value(figure)}";
        var severity = rule.Severity.ToString().ToLowerInvariant();
        return new Notification
        {
            Id = subject.Key,
            InReplyTo = firing ? null : facts.Fired?.Key,
            Reason = firing ? NotificationReason.StartedFiring : NotificationReason.Resolved,
            Severity = rule.Severity,
            Subject = $"{(firing ? $"[FIRING · {severity}]" : "[RESOLVED]")} {what} – {outcome} ({period})",
            Kicker = $"Alert · {(firing ? $"firing since {period}" : $"resolved in {period}")} · {severity}",
            Headline = $"{what}: {outcome}",
            Sentences = [subject.Sentence + ".", .. Comparison(facts, words, reading)],
            Facts = [.. Rows(facts, words, figure)],
            Bars = [.. facts.History.TakeLast(AlertEvaluator.LookBack).Select(one => Bar(one, rule, words))],
            Limits = words.Levels,
            Path = $"/metrics/{rule.Metric}?grain={rule.Grain.Name()}",
            AsOf = figure.AsOf is { } asOf
                ? string.Create(CultureInfo.InvariantCulture,
                    $"Data as of {calendar.LocalTimeOf(asOf):ddd d MMM yyyy HH:mm} ({calendar.Settings.TimeZone})")
                : "The metric has no data",
        };
    }

    private static ChartBar Bar(Reading reading, AlertRule rule, RuleWords words)
    {
        var value = reading.Value.Complete ? reading.Value.Value : null;
        return new ChartBar(words.Name(reading.Value.Period), value, words.Format.Compact(value),
            reading.Measure(rule.When) is { } measured && rule.When.Holds(measured));
    }

    private static IEnumerable<string> Comparison(NotificationFacts facts, RuleWords words, Reading? reading)
    {
        var grain = facts.Rule.Grain.Name();
        var previous = facts.History.Count > 1 ? facts.History[^2].Value : null;
        string[] parts =
        [
            .. Delta.Between(facts.Metric, previous, reading?.Value) is { } change
                ? (string[])[$"{change.InWords(words.Format)} from the previous {grain}"] : [],
            .. Delta.Between(facts.Metric, facts.YearAgo, reading?.Value) is { } year
                ? (string[])[$"{year.InWords(words.Format)} from the same {grain} a year ago"] : [],
        ];
        if (parts.Length > 0)
            yield return $"{facts.Calendar.Title(facts.Rule.Grain, facts.Subject.Period)}: {string.Join(" and ", parts)}.";
    }

    private static IEnumerable<Fact> Rows(NotificationFacts facts, RuleWords words, Figure figure)
    {
        var (rule, grain) = (facts.Rule, facts.Rule.Grain.Name());
        var isLevel = rule.When is not (Condition.NoData or Condition.Change);
        yield return new Fact($"This {grain} ({words.Name(facts.Subject.Period)})", words.Value(figure));
        if (rule.When is Condition.Change)
            yield return new Fact("Its change", words.Measured(figure.Measured));
        yield return isLevel ? new Fact($"Limit (rule: {rule.When.Comparator})", words.Limit) : new Fact("Rule", words.InWords);
        if (facts.Subject.StopsFiring && facts.Fired is { } fired)
        {
            yield return new Fact("Was firing",
                $"from {words.Name(fired.Period)} to {words.Name(facts.Calendar.Previous(rule.Grain, facts.Subject.Period))}");
            if (Worst(facts, fired) is { } worst)
                yield return new Fact("Worst", $"{words.Format.Compact(worst.Value.Value)} in {words.Name(worst.Value.Period)}");
        }

        yield return new Fact($"Last {grain}", Complete(facts.History.Count > 1 ? facts.History[^2].Value : null));
        yield return new Fact($"Same {grain} a year ago", Complete(facts.YearAgo));
        yield return new Fact("Fired in the last 12 months", facts.FiredInAYear == 1 ? "once"
            : string.Create(CultureInfo.InvariantCulture, $"{facts.FiredInAYear} times"));

        string Complete(PeriodValue? value) => words.Format.Compact(value is { Complete: true } complete ? complete.Value : null);
    }

    /// <summary>The judged figure farthest beyond the limit while it was firing, for conditions that have one direction.</summary>
    private static Reading? Worst(NotificationFacts facts, Transition fired)
    {
        var when = facts.Rule.When;
        var measured = facts.History
            .Where(reading => reading.Value.Period.Start >= fired.Period.Start && reading.Value.Period.Start < facts.Subject.Period.Start
                && reading.Measure(when) is not null)
            .OrderBy(reading => reading.Measure(when))
            .ToArray();
        return (when is Condition.Change change ? change.Limit : when) switch
        {
            Condition.Below => measured.FirstOrDefault(),
            Condition.Above => measured.LastOrDefault(),
            _ => null,
        };
    }
}
