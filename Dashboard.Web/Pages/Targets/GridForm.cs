using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;

namespace Dashboard.Web.Pages.Targets;

/// <summary>One cell as the form sent it back.</summary>
/// <param name="Name">The field.</param>
/// <param name="Seen">What counted when the page was made; see <see cref="GridForm.StampOf"/>.</param>
internal sealed record SentCell(string Name, Metric Metric, Segment Segment, string Period, string Text, string Seen);

/// <summary>How the cells of the grid are named and stamped in its form, and read back from it.</summary>
internal static class GridForm
{
    public const string RowPrefix = "r.";
    private const string CellPrefix = "v.";
    private const string SeenPrefix = "seen.";
    private const char Between = '|';

    /// <summary>The field of a cell.</summary>
    public static string NameOf(int row, string period) => string.Create(CultureInfo.InvariantCulture, $"{CellPrefix}{row}.{period}");

    /// <summary>A row as a hidden field says it: which metric and segment.</summary>
    public static string RowText(Metric metric, Segment segment) => $"{metric.Id}{Between}{segment.Text}";

    /// <summary>What counts in the cells of a row, as a hidden field says it.</summary>
    public static string SeenText(GridRow row) => string.Join(Between, row.Cells
        .Where(cell => cell.Own is not null)
        .Select(cell => $"{cell.Column.Key}={StampOf(cell.Own)}"));

    /// <summary>What counts in a cell: its value, and when it was set on the page. Another stamp means that somebody has changed it.</summary>
    public static string StampOf(Target? own) => own is null ? "" : string.Create(
        CultureInfo.InvariantCulture, $"{own.Value}@{own.Edit?.At.UtcTicks ?? 0}");

    /// <summary>The value of a stamp; null for an empty cell.</summary>
    public static decimal? ValueOf(string stamp) =>
        stamp.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
        && decimal.TryParse(stamp.AsSpan(0, at), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    /// <summary>When the target of a stamp was set on the page; null where it was not.</summary>
    public static DateTimeOffset? SetAtOf(string stamp) =>
        stamp.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at
        && long.TryParse(stamp.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks > 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : null;

    /// <summary>The rows that the form is about, by number; a row that is none any more is left out.</summary>
    public static IReadOnlyDictionary<string, (Metric Metric, Segment Segment)> RowsOf(IFormCollection form, MetricCatalog catalog)
    {
        var rows = new OrderedDictionary<string, (Metric, Segment)>(StringComparer.Ordinal);
        foreach (var (name, values) in form.Where(field => field.Key.StartsWith(RowPrefix, StringComparison.Ordinal)).OrderBy(field => NumberOf(field.Key)))
        {
            if (ParseRow(values.ToString(), catalog) is { } row)
                rows[name[RowPrefix.Length..]] = row;
        }

        return rows;

        static int NumberOf(string name) => int.TryParse(name.AsSpan(RowPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
    }

    /// <summary>The metric and segment of <see cref="RowText"/>; null for anything else.</summary>
    public static (Metric Metric, Segment Segment)? ParseRow(string text, MetricCatalog catalog)
    {
        var at = text.IndexOf(Between, StringComparison.Ordinal);
        if (at < 0 || !catalog.TryGet(text[..at], out var metric))
            return null;

        try
        {
            var segment = Segment.Parse(text[(at + 1)..]);
            return segment.Values.All(pair => catalog.DimensionsOf(metric).Contains(pair.Key)) ? (metric, segment) : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>The cells whose text is another than the one that the page showed.</summary>
    public static IReadOnlyList<SentCell> ChangedCells(IFormCollection form, MetricCatalog catalog, CalendarSettings settings)
    {
        var rows = RowsOf(form, catalog);
        var seen = rows.ToDictionary(row => row.Key, row => StampsOf(form[SeenPrefix + row.Key].ToString()));
        var changed = new List<SentCell>();
        foreach (var (name, values) in form.Where(field => field.Key.StartsWith(CellPrefix, StringComparison.Ordinal)))
        {
            if (name.Split('.', 3) is not [_, var number, var period] || !rows.TryGetValue(number, out var row))
                continue;

            var stamp = seen[number].GetValueOrDefault(period, "");
            var text = values.ToString().Trim();
            var shown = ValueOf(stamp) is { } value ? TypedNumber.Write(value, row.Metric.Unit, settings) : "";
            if (text != shown)
                changed.Add(new SentCell(name, row.Metric, row.Segment, period, text, stamp));
        }

        return changed;
    }

    private static Dictionary<string, string> StampsOf(string text)
    {
        var stamps = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(Between, StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=', 2) is [var period, var stamp])
                stamps[period] = stamp;
        }

        return stamps;
    }
}
