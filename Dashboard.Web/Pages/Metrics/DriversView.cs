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

    /// <summary>The parts as a waterfall, for some room.</summary>
    public string Chart(string id, Decomposition parts, WaterfallSize size)
    {
        var steps = parts.Rows.Select(part => new WaterfallStep(NameOf(part.Text), part.Amount, AmountText(part.Amount), LookOf(part.Amount))).ToList();
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

    private string Total(Decomposition parts) => $"{Drivers.Metric.Name} {AmountText(parts.Change)}";
}
