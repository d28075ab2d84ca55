using Metrics.Core.Workspace;

namespace Metrics.Core.Catalog;

/// <summary>What kind of figure an interval belongs to.</summary>
public enum IntervalKind
{
    /// <summary>A net promoter score, from promoters and detractors.</summary>
    Nps,

    /// <summary>A share, from the answers that are part of it.</summary>
    Share,

    /// <summary>A mean score, from the sum of scores and that of their squares.</summary>
    Mean,
}

/// <summary>From which metrics the 95 % interval of another is computed, period by period and segment by segment.</summary>
/// <param name="Operands">The metrics of the kind: promoters and detractors; the part; or the sum and the squares.</param>
/// <param name="Answers">The metric that counts the answers.</param>
/// <param name="MinimumAnswers">With fewer, the figure is shown without a judgement.</param>
public sealed record IntervalRule(IntervalKind Kind, IReadOnlyList<string> Operands, string Answers, int MinimumAnswers)
{
    private const int DefaultMinimum = 30;

    /// <summary>The shape of <c>interval:</c> of a metric.</summary>
    internal static Shape Shape { get; } = new("an interval",
        new Key("kind", KeyKind.Text, "nps, share (by Wilson's score) or mean.") { Required = true, Values = ["nps", "share", "mean"] },
        new Key("promoters", KeyKind.Text, "Of nps: the metric that counts promoters."),
        new Key("detractors", KeyKind.Text, "Of nps: the metric that counts detractors."),
        new Key("part", KeyKind.Text, "Of share: the metric that counts the answers that are part of it."),
        new Key("sum", KeyKind.Text, "Of mean: the metric that adds scores up."),
        new Key("squares", KeyKind.Text, "Of mean: the metric that adds the squares of scores up."),
        new Key("answers", KeyKind.Text, "The metric that counts all answers.") { Required = true },
        new Key("minimum_n", KeyKind.Integer, "With fewer answers the figure has no status and no judged change. Default: 30."));

    /// <summary>Every metric that it reads.</summary>
    public IEnumerable<string> Metrics => Operands.Append(Answers);

    /// <summary>The rule of a metric, or null where it has none or one at fault.</summary>
    internal static IntervalRule? Read(YamlMap metric)
    {
        if (metric.Object("interval") is not { } entry || entry.Text("kind") is not { } kind || entry.Text("answers") is not { } answers)
            return null;

        string[] names = kind switch { "nps" => ["promoters", "detractors"], "share" => ["part"], _ => ["sum", "squares"] };
        foreach (var missing in names.Where(name => !entry.Has(name)))
            entry.AddFault("kind", $"an interval of the kind {kind} needs '{missing}'.");
        var known = Enum.Parse<IntervalKind>(kind, ignoreCase: true);
        return names.All(entry.Has)
            ? new IntervalRule(known, [.. names.Select(name => entry.Text(name)!)], answers, entry.Integer("minimum_n") ?? DefaultMinimum)
            : null;
    }

    /// <summary>The interval of one period value; null where nobody knows the answers, or there are none.</summary>
    /// <param name="valueOf">The value of a metric in that period and segment; null where it has none.</param>
    public ConfidenceInterval? Of(Func<string, decimal?> valueOf)
    {
        if (valueOf(Answers) is not (> 0 and { } answers))
            return null;

        decimal?[] values = [.. Operands.Select(valueOf)];
        if (values.Contains(null))
            return null;

        var ends = Kind switch
        {
            IntervalKind.Nps => ConfidenceInterval.OfNetPromoters(values[0]!.Value, values[1]!.Value, answers),
            IntervalKind.Share => ConfidenceInterval.OfShare(values[0]!.Value, answers),
            _ => ConfidenceInterval.OfMean(values[0]!.Value, values[1]!.Value, answers),
        };
        return new ConfidenceInterval(ends?.Low, ends?.High, answers, answers < MinimumAnswers);
    }
}
