using System.Globalization;
using Metrics.Core.Boards;
using Metrics.Core.Signals;

namespace Metrics.Core.Findings;

/// <summary>Says a finding: the strongest reason makes the sentence, and the next ones go on in it.</summary>
internal sealed class FindingWords(BoardSnapshot board, TileSnapshot tile, IReadOnlyList<FindingReason> reasons)
{
    // More than two clauses behind the headline is a list, and nobody reads lists in a meeting.
    private const int MostMore = 1;

    private string Name { get; } = tile.Filter is { } filter && filter != board.Segment.ToString() ? $"{tile.Name} ({filter})" : tile.Name;

    private string Figure => $"{Name} {tile.Format.Compact(tile.Value?.Value)}";

    /// <summary>The figure and what happened to it.</summary>
    public string Headline => reasons[0] switch
    {
        FindingReason.Fires { Alert.Sentence: { Length: > 0 } sentence } fires when fires.Alert.Since == LabelOfPeriod => sentence,
        FindingReason.StandsOut { Signal: { Rule: SignalRule.OutsideLimits or SignalRule.WideMove } signal } when Moved(signal) =>
            $"{Name} {(signal.Side == Side.Above ? "rose" : "fell")} to {tile.Format.Compact(signal.Value)}",
        FindingReason.BehindPace => $"{Name} {tile.LandingPredicate().Predicate}",
        FindingReason.NotCurrent => $"{Name} is not current",
        FindingReason.WasRestated { Figure: var restated } => $"{restated.Label} {Name} was restated",
        _ => Figure,
    };

    /// <summary>What stands behind the headline, with the sign between the two and the full stop.</summary>
    public string Detail
    {
        get
        {
            // Whether the target is missed stands in the chip, unless that says that an alert fires.
            string[] more = [.. reasons.Skip(1).Where(reason => reason is not FindingReason.BehindTarget || reasons[0] is FindingReason.Fires).Select(ClauseOf).Where(clause => clause.Length > 0).Take(MostMore)];
            if (more.Length == 0 && reasons[0] is FindingReason.BehindTarget && tile.Change is { Sign: not 0 } change)
                more = [$"{change.InWords(tile.Format)} on {board.PreviousName}"];
            return LeadDetail + string.Concat(more.Select(clause => $"; {clause}")) + ".";
        }
    }

    private string LabelOfPeriod => board.Recent.Count > 0 ? board.Recent[^1].Label : board.Name;

    private string LeadDetail => reasons[0] switch
    {
        FindingReason.Fires { Alert: var alert } when alert.Since == LabelOfPeriod || alert.Sentence.Length == 0 => $", alert since {alert.Since}",
        FindingReason.Fires { Alert: var alert } => $", alert since {alert.Since}: {alert.Sentence}",
        FindingReason.BehindPace => tile.LandingPredicate().Detail is { Length: > 0 } detail ? $", {detail}" : "",
        FindingReason.NotCurrent => string.Create(
            CultureInfo.InvariantCulture,
            $": {tile.Value!.CoveredDays} of {tile.Value.Period.Days} days are known{(tile.Value.Value is { } soFar ? $", {tile.Format.Compact(soFar)} so far" : "")}"),
        FindingReason.WasRestated { Figure: var restated } => $" {FromTo(restated)}{On(restated)}",
        var other => ClauseOf(other) is { Length: > 0 } clause ? $", {clause}" : "",
    };

    private string ClauseOf(FindingReason reason) => reason switch
    {
        FindingReason.Fires { Alert: var alert } => $"alert since {alert.Since}",
        FindingReason.StandsOut { Signal: var signal } => signal.Clause,
        FindingReason.BehindTarget => tile.TargetInWords(),
        FindingReason.BehindPace => PaceClause(),
        FindingReason.NotCurrent => "not current",
        FindingReason.WasRestated { Figure: var restated } => $"{restated.Label} restated {FromTo(restated)}",
        _ => "",
    };

    /// <summary>Whether the figure went the way that the signal is about, so that it can be told as an event.</summary>
    private bool Moved(Signal signal) => tile.Previous?.Value is { } before
        && tile.Format.Compact(before) != tile.Format.Compact(signal.Value)
        && (signal.Side == Side.Above ? signal.Value > before : signal.Value < before);

    private static string FromTo(RestatedFigure restated) => restated.Texts is var (then, now) ? $"from {then} to {now}" : "";

    private static string On(RestatedFigure restated) =>
        restated.On is { } day ? string.Create(CultureInfo.InvariantCulture, $" on {day:d MMM}") : "";

    /// <summary>Where the longer period lands, without the band; empty of a level, which says the same again.</summary>
    private string PaceClause()
    {
        if (tile.Landing is not { Standing: { Projection: not null } or { RemainingDays: 0 } })
            return "";

        var (predicate, detail) = tile.LandingPredicate();
        var clause = predicate.StartsWith("is ", StringComparison.Ordinal) ? predicate["is ".Length..] : predicate;
        return detail.Length == 0 ? clause : $"{clause}, {detail.Split(';')[0]}";
    }
}
