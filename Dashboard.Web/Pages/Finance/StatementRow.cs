using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Charts;
using Metrics.Core.Models.Finance;

namespace Dashboard.Web.Pages.Finance;

/// <summary>A line of the statement as a page shows it.</summary>
/// <param name="Level">0 for groups and subtotals, 1 for an account.</param>
/// <param name="Compares">Whether differences are shown, which they are not while the span is not over.</param>
public sealed record StatementRow(StatementLine Line, int Level, bool Compares, ValueFormat Money)
{
    private const string Minus = "\u2212";

    private static readonly ValueFormat Whole = new(Unit.Count, "");

    public bool IsMargin => Line.Kind == StatementLineKind.Margin;

    /// <summary>The classes of the row.</summary>
    public string Look => (Line.Kind, Level) switch
    {
        (StatementLineKind.Subtotal, _) => "subtotal",
        (StatementLineKind.Margin, _) => "margin",
        (_, > 0) => "account",
        _ => "group",
    };

    /// <summary>A figure in whole units of the currency, or a margin in percent.</summary>
    public string Full(decimal? value) => value is null ? ValueFormat.None : IsMargin
        ? new ValueFormat(Unit.Percent, "", Decimals: 1).Compact(value)
        : Whole.Exact(decimal.Round(value.Value, 0, MidpointRounding.AwayFromZero));

    /// <summary>The same where space is short: "2.46M".</summary>
    public string Short(decimal? value) => IsMargin || value is null ? Full(value) : Whole.Compact(value);

    /// <summary>To the last digit.</summary>
    public string? Exact(decimal? value) => value is null ? null : IsMargin ? new ValueFormat(Unit.Percent, "").Exact(value) : Money.Exact(value);

    public decimal? ToBudget => Compares ? Line.Amounts.ToBudget : null;

    public decimal? ToPriorYear => Compares ? Line.Amounts.ToPriorYear : null;

    /// <summary>A difference with its sign; of margins in percentage points.</summary>
    public string Difference(decimal? difference, bool isShort = false) => difference is not { } value ? ValueFormat.None
        : IsMargin ? ValueFormat.PointsChange(value)
        : (value > 0 ? "+" : "") + (isShort ? Short(value) : Full(value));

    /// <summary>A difference as a share; empty for margins, whose difference is one already.</summary>
    public string Share(decimal? difference, decimal? basis) => IsMargin ? "" : difference is null ? ValueFormat.None
        : StatementAmounts.Share(difference, basis) is { } share ? ValueFormat.RelativeChange(share) : "n/m";

    /// <summary>The class of a difference: good or bad by what the line is, and neither of none.</summary>
    public string LookOf(decimal? difference) => Line.Favorable(difference) switch { > 0 => "good", < 0 => "bad", _ => "neutral" };

    /// <summary>Where a difference goes.</summary>
    public static string Arrow(decimal? difference) => Math.Sign(difference ?? 0) switch { > 0 => "▲", < 0 => "▼", _ => "" };

    /// <summary>What a difference means: a cost that is higher than planned is worse.</summary>
    public string Word(decimal? difference) => difference is null ? "" : Line.Favorable(difference) switch { > 0 => "better", < 0 => "worse", _ => "as planned" };

    /// <summary>The difference to the budget as a bar, in the scale of all rows; empty for margins.</summary>
    public string Bar(decimal most) => IsMargin || ToBudget is not { } difference ? "" : VarianceBar.Draw(difference, most, LookOf(difference));

    /// <summary>A difference in a sentence: "$3.2k better than budget".</summary>
    public string? Sentence(decimal? difference, string than) => difference is not { } value || IsMargin ? null
        : value == 0 ? string.Create(CultureInfo.InvariantCulture, $"exactly {than.Split(' ')[0]} {than}")
        : $"{Money.Compact(Math.Abs(value)).TrimStart(Minus[0])} {Word(value)} than {than}";
}
