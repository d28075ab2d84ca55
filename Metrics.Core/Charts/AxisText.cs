using Metrics.Core.Catalog;

namespace Metrics.Core.Charts;

/// <summary>What stands beside the ticks of an axis.</summary>
internal static class AxisText
{
    private const int MostDecimals = 6;

    /// <summary>The ticks in one scale and in as many decimals as it takes to tell them apart.</summary>
    public static IReadOnlyList<string> Of(ValueFormat format, IReadOnlyList<decimal> ticks)
    {
        for (var column = format.ForColumn(ticks.Select(tick => (decimal?)tick)); ; column = column with { Decimals = (column.Decimals ?? 1) + 1 })
        {
            string[] texts = [.. ticks.Select(tick => column.Compact(tick))];
            if (texts.Distinct(StringComparer.Ordinal).Count() == texts.Length || column.Decimals > MostDecimals)
                return texts;
        }
    }
}
