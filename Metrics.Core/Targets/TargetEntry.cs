using System.Globalization;
using System.Text.RegularExpressions;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;

namespace Metrics.Core.Targets;

/// <summary>
/// One target as somebody wrote it down, in a file or on the page: texts that nobody has checked yet, empty where nothing was written.
/// </summary>
/// <param name="Value">A number with a decimal point, with or without thousands separators; of a rate also a percentage such as <c>5%</c>.</param>
/// <param name="Segment">Dimension and value, each dimension once; empty for the total.</param>
public sealed partial record TargetEntry(
    string Metric, string Version, string Grain, string Period, string Value, IReadOnlyList<KeyValuePair<string, string>> Segment, string Note)
{
    /// <summary>The longest note in characters: a few sentences, not a document.</summary>
    public const int LongestNote = 600;

    private const int LongestVersion = 40;

    // Spreading multiplies by the days of a period, and the product has to fit a decimal.
    internal const decimal TooLarge = 1e24m;

    /// <summary>The target that is meant, or what is wrong with it in words; exactly one of the two is null.</summary>
    /// <param name="file">The file that says so; empty for the page.</param>
    public (Target? Target, string? Fault) Read(ReportingCalendar calendar, MetricCatalog catalog, string file = "", int line = 0)
    {
        if (Metric.Length == 0 || Grain.Length == 0 || Period.Length == 0 || Value.Length == 0)
            return Refuse("metric, grain, period and value must not be empty.");
        if (!catalog.TryGet(Metric, out var metric))
            return Refuse($"unknown metric '{Metric}'.");
        if (GrainNames.TryParse(Grain) is not { } grain)
            return Refuse($"'{Grain}' is no grain; use day, week, month, quarter or year.");
        if (!calendar.TryParse(grain, Period, out var period))
            return Refuse($"'{Period}' is no {grain.Name()} of the calendar; use one such as {Example(calendar, grain)}.");
        if (Version.Length > 0 && !VersionName().IsMatch(Version))
            return Refuse($"'{Version}' is no plan version; use lower-case letters, digits, _ and - starting with a letter.");
        if (Note.Length > LongestNote)
            return Refuse($"the note has {Note.Length} characters; {LongestNote} are enough.");

        var dimensions = catalog.DimensionsOf(metric);
        if (Segment.FirstOrDefault(pair => !dimensions.Contains(pair.Key)).Key is { } unknown)
        {
            return Refuse($"'{metric.Id}' has no dimension '{unknown}'. "
                + (dimensions.Count == 0 ? "It has none." : $"Its dimensions are {string.Join(", ", dimensions)}."));
        }

        return NumberOf(metric) switch
        {
            (_, { } fault) => Refuse(fault),
            var (value, _) => (
                new Target(
                    metric.Id, Version.Length > 0 ? Version : Targets.Target.DefaultVersion, grain, period, Series.Segment.Of(Segment), value,
                    Note.Length > 0 ? Note : null, file, line),
                null),
        };
    }

    /// <summary>Whether a text can be the name of a plan version.</summary>
    public static bool IsVersion(string? text) => text is { Length: > 0 and <= LongestVersion } && VersionName().IsMatch(text);

    /// <summary>A period of the grain as it is written, for messages and hints.</summary>
    public static string Example(ReportingCalendar calendar, Grain grain) =>
        calendar.Key(grain, calendar.Containing(grain, new DateOnly(2026, 11, 9)));

    private (decimal Value, string? Fault) NumberOf(Metric metric)
    {
        var isPercentage = Value.EndsWith('%');
        if (isPercentage && metric.Unit != Unit.Percent)
            return (0, $"'{Value}' is a percentage, but '{metric.Id}' is no rate.");

        // What groups digits by other than three may be a decimal comma, and 1,5 must not become 15.
        var number = isPercentage ? Value[..^1].TrimEnd() : Value;
        if (!Number().IsMatch(number)
            || !decimal.TryParse(number, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var value))
        {
            return (0, $"'{Value}' is no number; write it with a decimal point, a rate as a fraction (0.05 is 5 %).");
        }

        return Math.Abs(value) >= TooLarge ? (0, $"'{Value}' is too large a number.") : (isPercentage ? value / 100 : value, null);
    }

    private static (Target? Target, string? Fault) Refuse(string message) => (null, message);

    [GeneratedRegex("^[a-z][a-z0-9_-]*$", RegexOptions.CultureInvariant)]
    private static partial Regex VersionName();

    [GeneratedRegex(@"^[+-]?(\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
