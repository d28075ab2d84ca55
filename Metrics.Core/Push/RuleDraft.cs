using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Metrics.Core.Push;

/// <summary>Drafts the rule that would take what waits of a measurement, as the text of a file under <c>push/</c>.</summary>
public static partial class RuleDraft
{
    private static readonly JsonSerializerOptions Quotes = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // Words that YAML does not take for texts.
    private static readonly string[] Words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

    /// <summary>The draft: each field goes to the metric of its name; what is not there yet, and the tags that nobody asked for, stand in comments.</summary>
    /// <param name="groups">What waits of one measurement.</param>
    public static string Of(IReadOnlyCollection<InboxGroup> groups, PushableMetrics metrics)
    {
        var pairs = groups.Select(group => (group.Field, Metric: MetricFor(group, metrics))).ToArray();
        var tags = groups.SelectMany(group => group.Example.Tags).Select(tag => tag.Key).Distinct().Order(StringComparer.Ordinal);
        string[] missing = [.. pairs.Select(pair => pair.Metric).Where(id => !metrics.Catalog.TryGet(id, out _)).Distinct()];
        string[] dimensions = [.. pairs.SelectMany(pair => metrics.Catalog.TryGet(pair.Metric, out var metric) ? metric.Dimensions : []).Distinct()];
        string[] idle = [.. tags.Except(dimensions)];

        var draft = new StringBuilder("push:\n");
        draft.Append("  - measurement: ").Append(Scalar(groups.First().Measurement)).Append('\n');
        draft.Append("    fields: { ").AppendJoin(", ", pairs.Select(pair => $"{Scalar(pair.Field)}: {pair.Metric}")).Append(" }\n");
        if (missing.Length > 0)
            draft.Append("    # define under metrics/ first: ").AppendJoin(", ", missing).Append('\n');
        if (idle.Length > 0)
            draft.Append("    # tags: { ").Append(Scalar(idle[0])).Append(": DIMENSION }   # not used: ").AppendJoin(", ", idle.Select(Scalar)).Append('\n');
        return draft.ToString();
    }

    private static string MetricFor(InboxGroup group, PushableMetrics metrics)
    {
        var id = IdOf(group.Field);
        return id != "value" && metrics.Catalog.TryGet(id, out var metric) && metrics.Refusal(metric) is null ? id
            : id == "value" ? IdOf(group.Measurement)
            : IdOf($"{group.Measurement}_{group.Field}");
    }

    /// <summary>The nearest text that can be a metric's id.</summary>
    private static string IdOf(string name)
    {
        var id = NoId().Replace(name.ToLowerInvariant(), "_").Trim('_');
        return id.Length > 0 && char.IsAsciiLetterLower(id[0]) ? id : "m_" + id;
    }

    private static string Scalar(string text) =>
        Plain().IsMatch(text) && !Words.Contains(text, StringComparer.OrdinalIgnoreCase) ? text : JsonSerializer.Serialize(text, Quotes);

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NoId();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_./-]*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Plain();
}
