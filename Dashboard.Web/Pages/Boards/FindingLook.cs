using System.Text.RegularExpressions;
using Dashboard.Web.TagHelpers;
using Metrics.Core.Catalog;
using Metrics.Core.Findings;
using Metrics.Core.Signals;
using Metrics.Core.Targets;

namespace Dashboard.Web.Pages.Boards;

/// <summary>How findings are shown: icon, word and color, names and places on pages.</summary>
internal static partial class FindingLook
{
    /// <summary>
    /// What the finding is in a word: of an alert its state, else whether the target is missed, which everybody knows from the tile, else
    /// why it stands here.
    /// </summary>
    public static (string Look, string Icon, string Word) Of(Finding finding)
    {
        if (finding.LeadingAlert is { } alert)
            return AlertStateTagHelper.WordsOf(alert.State);
        if (finding.Reasons.OfType<FindingReason.BehindTarget>().FirstOrDefault() is { } behind)
            return StatusTagHelper.WordsOf(behind.Status);

        return finding.Lead switch
        {
            FindingReason.BehindPace pace => StatusTagHelper.WordsOf(pace.Status),
            FindingReason.NotCurrent => StatusTagHelper.WordsOf(TargetStatus.NotCurrent),
            FindingReason.StandsOut { Signal: { IsFavorable: true } good } => ("good", good.Mark, "Good news"),
            FindingReason.StandsOut { Signal: { Strength: SignalStrength.Strong } strong } => ("bad", strong.Mark, "Signal"),
            FindingReason.StandsOut { Signal: var other } => ("watch", other.Mark, "Signal"),
            _ => ("neutral", "⟲", "Restated"),
        };
    }

    /// <summary>What stands below the headline where that is a line of its own: a sentence that begins without a sign.</summary>
    public static string Rest(Finding finding)
    {
        var detail = finding.Detail.TrimStart(',', ':', ' ');
        return string.Join(' ', new[] { detail.Length < 2 ? "" : char.ToUpperInvariant(detail[0]) + detail[1..], finding.Driver?.Sentence }.Where(text => text is { Length: > 0 }));
    }

    /// <summary>What a key is about, for a finding that is none any more: "Net new MRR (EU)".</summary>
    public static string NameOf(string key, MetricCatalog catalog)
    {
        if (FindingKey.Parse(key) is not { } finding || !catalog.TryGet(finding.Metric, out var metric))
            return key;

        return finding.SegmentName is { Length: > 0 } segment ? $"{metric.Name} ({segment})" : metric.Name;
    }

    /// <summary>The id of a finding on the page of the review.</summary>
    public static string AnchorOf(string key) => "finding-" + Strange().Replace(key, "-");

    [GeneratedRegex("[^A-Za-z0-9_]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Strange();
}
