using Metrics.Core.Catalog;

namespace Metrics.Core.Charts;

/// <summary>What stands beside the ticks of an axis.</summary>
internal static class AxisText
{
    private const int MostDecimals = 6;

    // A figure that is wider than this part of the picture is cut: there must be a picture left.
    private const double Most = 0.3;

    /// <summary>A value beside a line or a column, cut where it would take the room of the picture.</summary>
    public static string Of(ValueFormat format, decimal? value, double width, bool bold = false) =>
        TextWidth.Cut(format.Compact(value), width * Most, bold: bold);

    /// <summary>The ticks in one scale and in as many decimals as it takes to tell them apart.</summary>
    /// <param name="width">That of the whole picture.</param>
    public static IReadOnlyList<string> Of(ValueFormat format, IReadOnlyList<decimal> ticks, double width)
    {
        for (var column = format.ForAxis(ticks); ; column = column with { Decimals = (column.Decimals ?? 1) + 1 })
        {
            string[] texts = [.. ticks.Select(tick => column.Compact(tick))];
            if (texts.Distinct(StringComparer.Ordinal).Count() == texts.Length || column.Decimals > MostDecimals)
                return [.. texts.Select(text => TextWidth.Cut(text, width * Most))];
        }
    }
}
