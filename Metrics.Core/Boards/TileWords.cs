using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Targets;

namespace Metrics.Core.Boards;

/// <summary>A tile's figures as sentences, for people who do not see the picture and for findings.</summary>
public static class TileWords
{
    /// <summary>What the tile says: "MRR: $2.46M in W46 2026, up 0.6 percent on W45, up 21.4 percent on last year, 97.1 % of $2.52M".</summary>
    public static string InWords(this TileSnapshot tile, BoardSnapshot board)
    {
        var figure = $"{tile.Name}: {(tile.Value?.Value is null ? "no value" : tile.Format.Compact(tile.Value.Value))} in {board.Name}";
        string?[] parts =
        [
            tile.Change is { } change ? $"{change.InWords(tile.Format)} on {board.PreviousName}" : null,
            tile.YearChange is { } year ? $"{year.InWords(tile.Format)} on last year" : null,
            tile.Target is null ? null : tile.TargetInWords(),
        ];
        return string.Join(", ", parts.OfType<string>().Prepend(figure));
    }

    /// <summary>How far the target is reached: "81 % of $34k"; a rate stands against it: "against a target of 104.0%". Empty without a target.</summary>
    public static string TargetInWords(this TileSnapshot tile) => tile switch
    {
        { Target: null } => "",
        { Attainment: null } => $"target {tile.Format.Compact(tile.Target.Value)}",
        _ when Attainment.IsShare(tile.Metric, tile.Attainment.Value) =>
            $"{ValueFormat.Share(tile.Attainment.Value)} of {tile.Format.Compact(tile.Target.Value)}",
        _ => $"against a target of {tile.Format.Compact(tile.Target.Value)}",
    };

    /// <summary>Where the target comes from: "budget for W46", "on the path to $2.55M, budget for Dec 2026".</summary>
    /// <param name="nameOf">The name of the target's period.</param>
    public static string TargetSourceInWords(this TileSnapshot tile, Func<Target, string> nameOf) => tile.Target is not { } planned ? ""
        : planned.IsDerived
            ? $"from the {planned.Target.Version} of {tile.Format.Compact(planned.Target.Value)} for {nameOf(planned.Target)}"
            : $"the {planned.Target.Version} for {nameOf(planned.Target)}";

    /// <summary>
    /// Where the tile's metric is going in its longer period: "MRR is pacing to $2.51M by 31 Dec, $38k short of target; 80 % interval $2.47M –
    /// $2.55M". Empty without a landing.
    /// </summary>
    public static string LandingInWords(this TileSnapshot tile)
    {
        if (tile.Landing is null)
            return "";

        var (predicate, detail) = tile.LandingPredicate();
        return $"{tile.Name}{(tile.Filter is { } filter ? $" ({filter})" : "")} {predicate}{(detail.Length > 0 ? $", {detail}" : "")}";
    }

    /// <summary>
    /// The same without the metric's name, and what is said behind it: "is pacing to $2.51M by 31 Dec" and "$38k short of target; 80 %
    /// interval $2.47M – $2.55M". Both empty without a landing, the second one where there is no more to say.
    /// </summary>
    public static (string Predicate, string Detail) LandingPredicate(this TileSnapshot tile)
    {
        if (tile.Landing is not { Standing: var standing, Format: var format } landing)
            return ("", "");

        if (standing.RemainingDays == 0)
        {
            var share = Attainment.Of(tile.Metric.Direction, standing.Actual, standing.Target);
            return ($"{(share >= 1 ? "met" : "missed")} the target of {format.Compact(standing.Target)} for {landing.Name} with {format.Compact(standing.Actual)}", "");
        }

        if (standing.Projection is not { } projection)
        {
            return landing.Accrual == Accrual.Level || tile.Metric.Direction == Direction.Down
                ? ($"is {format.Compact(standing.Actual)} in {landing.Name} so far", $"against a target of {format.Compact(standing.Target)}")
                : ($"is {format.Compact(standing.Actual)} of {format.Compact(standing.Target)} in {landing.Name}", "too early to say where it lands");
        }

        var last = string.Create(CultureInfo.InvariantCulture, $"{landing.Period.LastDay:d MMM}");
        var band = standing.Landing is { } interval
            ? $"; 80\u00A0% interval {format.Compact(interval.Low)} – {format.Compact(interval.High)}"
            : "";
        return ($"is pacing to {format.Compact(projection)} by {last}", AgainstTarget(projection - standing.Target, format) + band);
    }

    /// <summary>
    /// How far the metric is in its longer period: "62 % of plan at 58 % of Q4 2026, on pace +€41k". Empty without a landing that is a share of
    /// its target.
    /// </summary>
    public static string PaceInWords(this TileSnapshot tile)
    {
        if (tile.Landing is not { Accrual: Accrual.Flow, Standing: { Target: > 0, Actual: >= 0 } standing } landing)
            return "";

        var ahead = standing.Actual - standing.Expected;
        var word = tile.Metric.Direction == Direction.Down || !standing.HasBegun ? ""
            : $", {(standing.Status == TargetStatus.OnTrack ? "on pace" : "off pace")} {landing.Format.Difference(ahead)}";
        return $"{ValueFormat.WholeShare(standing.Actual / standing.Target)} of plan at {ValueFormat.WholeShare(standing.ElapsedShare)} of {landing.Name}{word}";
    }

    private static string AgainstTarget(decimal difference, ValueFormat format) => difference switch
    {
        0 => "the target",
        < 0 => $"{format.Compact(-difference)} short of target",
        _ => $"{format.Compact(difference)} above target",
    };
}
