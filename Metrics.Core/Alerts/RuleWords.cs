using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Alerts;

/// <summary>A rule's names, limits and sentences, the same on pages, in mails and on the command line.</summary>
public sealed class RuleWords(AlertRule rule, Metric metric, ReportingCalendar calendar)
{
    /// <summary>How the metric's figures are written.</summary>
    public ValueFormat Format { get; } = new(metric.Unit, calendar.Settings.Currency);

    /// <summary>The condition: "below $28.9k", "change on the previous week below −10.0 %", "data not all there".</summary>
    public string InWords => rule.When switch
    {
        Condition.NoData => "data not all there",
        Condition.Change change => $"change on {BaseName(change.Versus)} {Predicate(rule.When)}",
        _ => Predicate(rule.When),
    };

    /// <summary>The limit alone: "$28.9k", "$10k to $20k", "−10.0 %".</summary>
    public string Limit => LimitOf(rule.When, rule.When, exact: false);

    /// <summary>The limits that a chart of the figures can show, lowest first; none for conditions on a change.</summary>
    public IReadOnlyList<decimal> Levels => rule.When is Condition.Change ? [] : LimitsOf(rule.When);

    /// <summary>A judged figure: short, or in full where the short form would be that of the limit.</summary>
    public string Value(Figure figure) =>
        rule.When is not Condition.Change && LooksLikeLimit(figure.Measured) ? Format.Exact(figure.Value) : Format.Compact(figure.Value);

    /// <summary>What the alert is about: "Net new MRR", or "Net new MRR, EU" for a segment or filter.</summary>
    public string Subject(Segment segment)
    {
        var parts = rule.Filter.Select(pair => string.Join(" or ", pair.Value));
        return string.Join(", ", [metric.Name, .. parts, .. segment.IsTotal ? [] : (string[])[segment.ToString()]]);
    }

    /// <summary>"W46", "Nov 26".</summary>
    public string Name(Period period) => calendar.ShortLabel(rule.Grain, period);

    /// <summary>What an evaluation found, as a sentence without its full stop, told to people who know the status before it.</summary>
    public string Sentence(Segment segment, AlertStatus before, AlertStatus after, Evaluation evaluation)
    {
        var (subject, name) = (Subject(segment), Name(evaluation.Period));
        return evaluation switch
        {
            Evaluation.Met when rule.When is Condition.NoData => $"The data of {subject} for {name} are not all there",
            Evaluation.NotMet when rule.When is Condition.NoData => $"The data of {subject} for {name} are there",
            Evaluation.Met met =>
                $"{Statement(subject, name, met.Figure, before.Judged == AlertState.Firing ? "still " : "")}{InARow(after)}",
            Evaluation.NotMet notMet => NotMet(subject, name, notMet, before),
            Evaluation.NoData noData => $"{subject} cannot be judged for {name}: {noData.Why}",
            Evaluation.Stale stale => string.Create(CultureInfo.InvariantCulture,
                $"{subject} is not complete for {name}: the data end before {stale.KnownBefore:d MMM yyyy}"),
            Evaluation.Missing when after.IsGone =>
                $"{subject} has been absent for {after.Absent} {rule.Grain.Name()}s; the alert is closed",
            Evaluation.Missing => $"{subject} is absent in {name}",
            Evaluation.Failed failed => $"{subject} cannot be evaluated: {failed.Error}",
            _ => throw new ArgumentOutOfRangeException(nameof(evaluation), evaluation, message: null),
        };
    }

    /// <summary>What a figure did to the limit, for headlines: "below $28.9k", "no longer below $28.9k", "above $30k again".</summary>
    public string Outcome(Evaluation evaluation) => (evaluation, rule.When) switch
    {
        (Evaluation.Met, Condition.NoData) => "data not all there",
        (Evaluation.NotMet, Condition.NoData) => "data are there",
        (Evaluation.Met met, _) => Predicate(rule.When, met.Figure.Measured),
        (Evaluation.NotMet notMet, _) when rule.Recover is { } recover => $"{Predicate(recover, notMet.Figure.Measured)} again",
        (Evaluation.NotMet notMet, _) => $"no longer {Predicate(rule.When, notMet.Figure.Measured)}",
        _ => "absent",
    };

    /// <summary>The measured number as the condition reads it: the figure, or its change.</summary>
    public string Measured(decimal? measured) => Number(rule.When, measured, exact: false);

    private string NotMet(string subject, string name, Evaluation.NotMet notMet, AlertStatus before)
    {
        var measured = notMet.Figure.Measured;
        var opening = Opening(subject, name, notMet.Figure);
        if (before.Judged != AlertState.Firing)
        {
            return opening + (IsLimit(rule.When, measured)
                ? $"exactly {Number(rule.When, measured, exact: true)}, which is not {Bare(rule.When)}"
                : $"not {Predicate(rule.When, measured)}");
        }

        if (!notMet.Recovered)
            return $"{opening}no longer {Predicate(rule.When, measured)}, and not {Predicate(rule.Recover!, measured)} yet";
        if (rule.Recover is { } recover)
            return $"{opening}{Predicate(recover, measured)} again";
        return IsLimit(rule.When, measured)
            ? $"{opening}exactly {Number(rule.When, measured, exact: true)}, which is no longer {Bare(rule.When)}"
            : $"{opening}no longer {Predicate(rule.When, measured)}";
    }

    private string Statement(string subject, string name, Figure figure, string still) =>
        $"{Opening(subject, name, figure)}{still}{Predicate(rule.When, figure.Measured)}";

    /// <summary>"Net new MRR $27.6k in W46 is ", "Net new MRR $27.6k in W46: its change on the previous week, −18.2 %, is ".</summary>
    private string Opening(string subject, string name, Figure figure)
    {
        var value = Value(figure);
        return rule.When is Condition.Change change
            ? $"{subject} {value} in {name}: its change on {BaseName(change.Versus)}, {Changed(figure.Measured)}, is "
            : $"{subject} {value} in {name} is ";
    }

    private string Changed(decimal? measured) => Number(rule.When, measured, LooksLikeLimit(measured));

    private string InARow(AlertStatus after) => (rule.For, after.Judged) switch
    {
        (1, _) => "",
        (_, AlertState.Pending) => $", for {after.Held} of {rule.For} {rule.Grain.Name()}s",
        _ => $", for {after.Held} {rule.Grain.Name()}s in a row",
    };

    private string BaseName(Versus versus) =>
        versus == Versus.Previous ? $"the previous {rule.Grain.Name()}" : $"the same {rule.Grain.Name()} a year ago";

    /// <summary>"below $28.9k", with the limit in full where its short form would be that of the number beside it.</summary>
    private string Predicate(Condition condition, decimal? measured = null) =>
        $"{Bare(condition)} {LimitOf(condition, rule.When, LooksLikeLimit(condition, measured))}";

    private static string Bare(Condition condition) =>
        condition is Condition.Change(_, _, var limit) ? limit.Comparator : condition.Comparator;

    private bool LooksLikeLimit(decimal? measured) => LooksLikeLimit(rule.When, measured);

    private bool LooksLikeLimit(Condition condition, decimal? measured) =>
        measured is { } number && LimitsOf(condition).Any(limit => limit != number
            && Number(rule.When, limit, exact: false) == Number(rule.When, number, exact: false));

    private static bool IsLimit(Condition condition, decimal? measured) => measured is { } number && LimitsOf(condition).Contains(number);

    private static decimal[] LimitsOf(Condition condition) => condition switch
    {
        Condition.Below(var limit) => [limit],
        Condition.Above(var limit) => [limit],
        Condition.Outside(var low, var high) => [low, high],
        Condition.Inside(var low, var high) => [low, high],
        Condition.Change(_, _, var limit) => LimitsOf(limit),
        _ => [],
    };

    private string LimitOf(Condition condition, Condition unit, bool exact) =>
        string.Join(" to ", LimitsOf(condition).Select(limit => Number(unit, limit, exact)));

    /// <summary>A measured number or limit in the unit of a condition.</summary>
    private string Number(Condition unit, decimal? number, bool exact) => unit switch
    {
        Condition.Change { In: ChangeUnit.Relative } => exact ? Percent(number, "%") : ValueFormat.RelativeChange(number),
        Condition.Change { In: ChangeUnit.Points } => exact ? Percent(number, "pp") : ValueFormat.PointsChange(number),
        Condition.Change => exact ? Format.Exact(number) : Format.Difference(number),
        _ => exact ? Format.Exact(number) : Format.Compact(number),
    };

    private static string Percent(decimal? fraction, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{fraction * 100:0.####}\u00A0{unit}").Replace('-', '\u2212');
}
