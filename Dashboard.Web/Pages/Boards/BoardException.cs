using System.Text.RegularExpressions;
using Dashboard.Web.TagHelpers;
using Metrics.Core.Alerts;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Narratives;
using Metrics.Core.Periods;
using Metrics.Core.Targets;

namespace Dashboard.Web.Pages.Boards;

/// <summary>Something on a board that its owner is asked about.</summary>
/// <param name="Key">What names it from one period to the next, see <see cref="FindingKey"/>.</param>
/// <param name="Look">How its state is colored, with <paramref name="Icon"/> and <paramref name="Word"/> for those who see no color.</param>
/// <param name="Headline">The figure, as a sentence or the beginning of one.</param>
/// <param name="Detail">What about it; empty where the headline says it all.</param>
/// <param name="Address">Where to look closer.</param>
public sealed partial record BoardException(
    string Key, string Look, string Icon, string Word, string Headline, string Detail, Metric Metric, string Address)
{
    private const string Target = "target";
    private const string Stale = "stale";
    private const string Alert = "alert/";

    /// <summary>The exceptions of a board: what fires, then the other metrics that are behind or not current.</summary>
    public static IReadOnlyList<BoardException> Of(BoardSnapshot board, IReadOnlyList<FiringAlert> firing)
    {
        var shown = board.Tiles.Select(tile => tile.Metric).DistinctBy(metric => metric.Id).ToDictionary(metric => metric.Id);
        FiringAlert[] alerts = [.. firing.Where(alert => shown.ContainsKey(alert.Metric))];
        return
        [
            .. alerts.Select(alert =>
            {
                var (look, icon, word) = AlertStateTagHelper.WordsOf(alert.State);
                return new BoardException(KeyOf(alert), look, icon, word, alert.Sentence, $"since {alert.Since}", shown[alert.Metric], $"/alerts/{alert.Rule}");
            }),
            .. BoardFinding.Of(board).Where(finding => alerts.All(alert => alert.Metric != finding.Tile.Metric.Id)).Select(finding =>
            {
                var (look, icon, word) = StatusTagHelper.WordsOf(finding.Status);
                var metric = finding.Tile.Metric;
                return new BoardException(
                    KeyOf(finding), look, icon, word, finding.Headline, finding.Detail, metric, $"/metrics/{metric.Id}?grain={board.Board.Grain.Name()}");
            }),
        ];
    }

    /// <summary>The key of a firing alert: one for each rule and segment.</summary>
    public static string KeyOf(FiringAlert alert) => FindingKey.Of(
        alert.Metric, Alert + alert.Rule,
        alert.Segment.Values.Select(pair => KeyValuePair.Create(pair.Key, (IReadOnlyList<string>)[pair.Value]))).Text;

    /// <summary>The key of a finding: being at risk this week and off track the next is one story.</summary>
    public static string KeyOf(BoardFinding finding) => FindingKey.Of(
        finding.Tile.Metric.Id, finding.Status == TargetStatus.NotCurrent ? Stale : Target, finding.Tile.Tile.Filter).Text;

    /// <summary>What a key is about, in words, for a finding that is none any more: "Net new MRR (EU), behind its target".</summary>
    public static string NameOf(string key, MetricCatalog catalog)
    {
        if (FindingKey.Parse(key) is not { } finding)
            return key;

        var name = catalog.TryGet(finding.Metric, out var metric) ? metric.Name : finding.Metric;
        var segment = finding.SegmentName is { Length: > 0 } values ? $" ({values})" : "";
        var kind = finding.Kind switch
        {
            Target => ", behind its target",
            Stale => ", not current",
            _ when finding.Kind.StartsWith(Alert, StringComparison.Ordinal) => $", alert {finding.Kind[Alert.Length..]}",
            _ => $", {finding.Kind}",
        };
        return name + segment + kind;
    }

    /// <summary>The id of an exception on the page of the review.</summary>
    public static string AnchorOf(string key) => "finding-" + Strange().Replace(key, "-");

    [GeneratedRegex("[^A-Za-z0-9_]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Strange();
}

/// <summary>How an answer to a finding is shown: icon, word and color.</summary>
internal static class StanceWords
{
    /// <summary>The answers that can be given to a finding, in the order of the form.</summary>
    public static IReadOnlyList<Stance> Answers { get; } = [Stance.Explained, Stance.Investigating, Stance.Noise];

    public static (string Look, string Icon, string Word) Of(Stance stance) => stance switch
    {
        Stance.Explained => ("good", "✓", "Explained"),
        Stance.Investigating => ("watch", "?", "Investigating"),
        Stance.Noise => ("neutral", "~", "Noise"),
        _ => ("neutral", "✓", "Closed"),
    };

    /// <summary>What choosing it says, in the words of whoever answers.</summary>
    public static string Choice(Stance stance) => stance switch
    {
        Stance.Explained => "Explained: we know why",
        Stance.Investigating => "I don’t know yet, investigating",
        Stance.Noise => "Noise: nothing to do",
        _ => "Close it: no answer is needed any more",
    };

    /// <summary>"1 week", "3 months".</summary>
    public static string Age(int periods, Grain grain) =>
        periods == 1 ? $"1 {grain.Name()}" : FormattableString.Invariant($"{periods} {grain.Name()}s");
}
