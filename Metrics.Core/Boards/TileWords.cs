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
}
