using System.Globalization;
using System.Text;
using Metrics.Core.Alerts;

namespace Ingestion.Worker.Channels.Email;

/// <summary>
/// Bars made of table cells, because mail programs show no SVG and keep images back. The chart is cut into bands at the limits and at
/// zero; each bar fills its part of each band, and thin rows between the bands are the lines.
/// </summary>
internal static class MailChart
{
    private const int Height = 96;
    private const string Table = "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"";
    private const string Calm = "#9fb3ee";
    private const string Offending = "#b3261e";

    /// <summary>The chart, or null where there is nothing to draw.</summary>
    public static string? Html(Notification notification)
    {
        var bars = notification.Bars;
        decimal[] levels =
        [
            .. bars.Select(bar => bar.Value).OfType<decimal>().DefaultIfEmpty(0).ToArray() is var values
                ? (decimal[])[values.Max(), values.Min()] : [],
            .. notification.Limits,
            0,
        ];
        var (top, bottom) = (levels.Max(), levels.Min());
        if (bars.All(bar => bar.Value is null) || top == bottom)
            return null;

        decimal[] lines = [.. notification.Limits.Append(0).Append(top).Append(bottom).Distinct().OrderDescending()];
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"{Table} style=\"border-collapse:collapse;table-layout:fixed\">\n");
        AppendRow(html, bars, bar => bar.Offends || bar == bars[^1] ? bar.Text : "", bar => bar.Offends ? Offending : "#1b1d1f");
        for (var i = 0; i + 1 < lines.Length; i++)
        {
            AppendBand(html, bars, (lines[i], lines[i + 1]), (top, bottom));
            if (notification.Limits.Contains(lines[i + 1]) || lines[i + 1] == 0)
                AppendLine(html, bars.Count, notification.Limits.Contains(lines[i + 1]) ? "#1b1d1f" : "#d5d5d0");
        }

        AppendRow(html, bars, bar => bar.Label, _ => "#5f6469");
        html.Append("</table>\n");
        if (notification.Limits.Count > 0)
        {
            var what = notification.Limits.Count > 1 ? "The dark lines are the limits" : "The dark line is the limit";
            html.Append("<p style=\"margin:4px 0 0 0;font-size:12px;line-height:16px;color:#5f6469\">");
            html.Append(CultureInfo.InvariantCulture, $"{what}; red bars are periods for which the rule's condition holds.</p>\n");
        }

        return html.ToString();
    }

    private static void AppendRow(StringBuilder html, IReadOnlyList<ChartBar> bars, Func<ChartBar, string> text, Func<ChartBar,
        string> color)
    {
        html.Append("<tr>");
        foreach (var bar in bars)
        {
            var style = $"padding:2px 0;font-size:10px;line-height:13px;white-space:nowrap;color:{color(bar)}";
            html.Append(CultureInfo.InvariantCulture, $"<td align=\"center\" style=\"{style}\">{MailBody.Encode(text(bar))}</td>");
        }

        html.Append("</tr>\n");
    }

    private static void AppendLine(StringBuilder html, int columns, string color) =>
        html.Append(CultureInfo.InvariantCulture, $"<tr><td colspan=\"{columns}\" {Filled(1, color)}></td></tr>\n");

    /// <summary>The attributes of a cell that is as high as it says and all of one color.</summary>
    private static string Filled(int height, string color) => string.Create(
        CultureInfo.InvariantCulture,
        $"height=\"{height}\" bgcolor=\"{color}\" style=\"height:{height}px;line-height:0;font-size:0;background:{color}\"");

    private static void AppendBand(StringBuilder html, IReadOnlyList<ChartBar> bars, (decimal Upper, decimal Lower) band,
        (decimal Top, decimal Bottom) range)
    {
        var height = Pixels(band.Upper - band.Lower);
        var align = band.Lower >= 0 ? "bottom" : "top";
        html.Append("<tr>");
        foreach (var bar in bars)
        {
            // A bar begins at zero, which is the edge of a band; so in each band it fills it or ends in it.
            var value = bar.Value ?? 0;
            var filled = band.Lower >= 0 ? Math.Clamp(value, band.Lower, band.Upper) - band.Lower
                : band.Upper - Math.Clamp(value, band.Lower, band.Upper);
            var style = string.Create(CultureInfo.InvariantCulture,
                $"height:{height}px;padding:0 4px;font-size:0;line-height:0;vertical-align:{align}");
            html.Append(CultureInfo.InvariantCulture, $"<td height=\"{height}\" valign=\"{align}\" style=\"{style}\">");
            if (filled > 0)
                html.Append(CultureInfo.InvariantCulture,
                    $"{Table}><tr><td {Filled(Pixels(filled), bar.Offends ? Offending : Calm)}></td></tr></table>");

            html.Append("</td>");
        }

        html.Append("</tr>\n");

        int Pixels(decimal length) => Math.Max(1, (int)decimal.Round(length / (range.Top - range.Bottom) * Height));
    }
}
