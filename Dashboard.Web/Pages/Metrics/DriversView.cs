using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Charts;
using Metrics.Core.Drivers;
using Metrics.Core.Periods;

namespace Dashboard.Web.Pages.Metrics;

/// <summary>Why a metric moved, in words and pictures.</summary>
public sealed class DriversView(MetricDrivers drivers, ReportingCalendar calendar, ValueFormat format)
{
    private const string NotExplained = "Not explained";

    public MetricDrivers Drivers { get; } = drivers;

    /// <summary>The periods: "W46 on W45 2026".</summary>
    public string Periods => $"{After} on {Before}";

    public string Before => calendar.ShortLabel(Drivers.Grain, Drivers.Before.Period);

    public string After => calendar.ShortLabel(Drivers.Grain, Drivers.After.Period);

    /// <summary>The ways in which the change is taken apart over other metrics, each with a heading.</summary>
    public IReadOnlyList<(string Id, string Heading, Decomposition Parts)> Decompositions =>
        [.. new[] { ("movements", "What moved it", Drivers.Movements), ("drivers", "By its drivers", Drivers.Drivers) }
            .Where(one => one.Item3 is not null).Select(one => (one.Item1, one.Item2, one.Item3!))];

    /// <summary>What the largest parts are: "ARPA −$4.1k, Paying customers +$1.2k."</summary>
    public string Sentence(Decomposition parts)
    {
        var largest = parts.Parts.Where(part => part.Amount != 0).OrderByDescending(part => Math.Abs(part.Amount)).Take(3)
            .Select(part => $"{NameOf(part.Text)} {AmountText(part.Amount)}").ToArray();
        return largest.Length == 0 ? $"{Total(parts)}." : $"{Total(parts)}: {string.Join(", ", largest)}.";
    }

    /// <summary>
    /// What most of the change comes from: "Churned MRR makes −$5.5k of −$6.1k, 90 % of it. By plan it is Pro: −$3.2k."; null where nothing
    /// changed or nobody can say.
    /// </summary>
    public string? Main
    {
        get
        {
            var sentences = new List<string>();
            if (Decompositions is [var (_, _, parts), ..]
                && parts.Parts.Where(part => Math.Sign(part.Amount) == Math.Sign(parts.Change) && part.Amount != 0).MaxBy(part => Math.Abs(part.Amount)) is { } most)
                sentences.Add($"{NameOf(most.Text)} makes {AmountText(most.Amount)} of {AmountText(parts.Change)}{ShareText(parts.ShareOf(most.Amount))}.");
            var known = Drivers.Dimensions.Select(effects => (effects.Dimension, effects.Change, Row: MostOf(effects)))
                .Where(one => one.Row is not null).ToArray();
            if (known.Length > 0)
            {
                var (dimension, change, row) = known.MaxBy(one => Math.Abs(one.Row!.Amount));
                sentences.Add(sentences.Count > 0
                    ? $"By {dimension} it is {row!.Name} most: {AmountText(row.Amount)}."
                    : $"By {dimension}, {row!.Name} makes {AmountText(row.Amount)} of {AmountText(change)}.");
            }

            return sentences.Count == 0 ? null : string.Join(' ', sentences);
        }
    }

    /// <summary>What each segment of a dimension added; null where they do not make up the total.</summary>
    public SegmentEffects? EffectsOf(string? dimension) => Drivers.Dimensions.FirstOrDefault(effects => effects.Dimension == dimension);

    /// <summary>What the segments added, as a sentence.</summary>
    public string Sentence(SegmentEffects effects)
    {
        var largest = effects.Rows.Where(row => row is { IsOther: false, Amount: not 0 }).Take(3).Select(row => $"{row.Name} {AmountText(row.Amount)}").ToArray();
        var total = $"{Drivers.Metric.Name} {AmountText(effects.Change)}";
        return largest.Length == 0 ? $"{total}." : $"{total}: {string.Join(", ", largest)}.";
    }

    /// <summary>What the segments added as a waterfall.</summary>
    public string Chart(SegmentEffects effects, WaterfallSize size)
    {
        var steps = effects.Rows.Select(row => new WaterfallStep(row.Name, row.Amount, AmountText(row.Amount), LookOf(row.Amount))).ToList();
        if (effects.Residual != 0)
            steps.Add(new WaterfallStep(NotExplained, effects.Residual, AmountText(effects.Residual), "neutral"));
        return Waterfall.Draw(
            steps, new WaterfallStep("Change", effects.Change, AmountText(effects.Change), "total"), $"waterfall-{effects.Dimension}-{size.Name}",
            $"Which segments moved {Drivers.Metric.Name}, {Periods}", Sentence(effects) + " The table below has the values.", size);
    }

    /// <summary>The part of the change that an amount is; null where nothing changed.</summary>
    public static decimal? ShareOf(SegmentEffects effects, decimal amount) => effects.Change == 0 ? null : amount / effects.Change;

    /// <summary>The metric behind a part, to lead there; null where it is made of several.</summary>
    public Metric? SourceOf(string text) => Drivers.SourceOf(text);

    /// <summary>What a part is called: its metric's name, or the formula that reads it.</summary>
    public string NameOf(string text) => Drivers.NameOf(text);

    /// <summary>A value of a part in its own unit.</summary>
    public string ValueText(Contribution part, decimal? value) => value is null
        ? ""
        : new ValueFormat(SourceOf(part.Text)?.Unit ?? Drivers.Metric.Unit, calendar.Settings.Currency).Compact(value);

    /// <summary>A value of a segment, in the metric's unit.</summary>
    public string ValueText(decimal? value) => value is null ? "" : format.Compact(value);

    /// <summary>A part of the change with its sign; of a percentage in percentage points, fine enough for the parts of a small change.</summary>
    public string AmountText(decimal? amount) => Drivers.Metric.Unit == Unit.Percent && amount is { } points
        ? (points * 100).ToString("+0.00;\u22120.00;0.00", CultureInfo.InvariantCulture) + "\u00A0pp"
        : format.Difference(amount);

    /// <summary>The class that colors a part: good or bad by the metric's direction, and neither where nobody can say.</summary>
    public string LookOf(decimal amount) => (Drivers.Metric.Direction, Math.Sign(amount)) switch
    {
        (Direction.Range, _) or (_, 0) => "neutral",
        (Direction.Up, > 0) or (Direction.Down, < 0) => "good",
        _ => "bad",
    };

    /// <summary>The parts as a waterfall, for some room. Those that did nothing stand in the table alone.</summary>
    public string Chart(string id, Decomposition parts, WaterfallSize size)
    {
        var steps = parts.Rows.Where(part => part.Amount != 0).Select(part => new WaterfallStep(NameOf(part.Text), part.Amount, AmountText(part.Amount), LookOf(part.Amount))).ToList();
        if (parts.Residual != 0)
            steps.Add(new WaterfallStep(NotExplained, parts.Residual, AmountText(parts.Residual), "neutral"));
        return Waterfall.Draw(
            steps, new WaterfallStep("Change", parts.Change, AmountText(parts.Change), "total"), $"waterfall-{id}-{size.Name}",
            $"Why {Drivers.Metric.Name} moved, {Periods}", Sentence(parts) + " The table below has the values.", size);
    }

    /// <summary>What a dimension says that its table does not: rate and mix of a ratio, whether they are at odds, and why there is a rest.</summary>
    public string? Note(SegmentEffects effects)
    {
        var sentences = new List<string>();
        if (effects is { Rate: { } rate, Mix: { } mix })
        {
            sentences.Add($"The segments' own changes come to {AmountText(rate)}, the shift between them to {AmountText(mix)}.");
            if (effects.Reversed)
                sentences.Add($"Take care: within the segments it went {(rate > 0 ? "up" : "down")}, and only the shift between them turned the total.");
        }

        if (effects.Residual != 0)
            sentences.Add("The segments do not make up the total exactly, which leaves a rest.");
        return sentences.Count == 0 ? null : string.Join(' ', sentences);
    }

    private static SegmentEffect? MostOf(SegmentEffects effects) => effects.Rows
        .Where(row => !row.IsOther && row.Amount != 0 && Math.Sign(row.Amount) == Math.Sign(effects.Change)).MaxBy(row => Math.Abs(row.Amount));

    private static string ShareText(decimal? share) => share is { } part and > 0 and <= 1 ? $", {ValueFormat.Share(part)} of it" : "";

    private string Total(Decomposition parts) => $"{Drivers.Metric.Name} {AmountText(parts.Change)}";
}
