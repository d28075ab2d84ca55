using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Metrics.Core.Boards;
using Metrics.Core.Charts;
using Metrics.Core.Periods;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>The picture of a tile, its box of to-date figures, and the table behind both.</summary>
[HtmlTargetElement("kpi-tile-chart", TagStructure = TagStructure.WithoutEndTag)]
public sealed class TileChartTagHelper : TagHelper
{
    private static readonly HtmlEncoder Encode = HtmlEncoder.Default;

    public TileSnapshot Tile { get; set; } = null!;

    public BoardSnapshot Board { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "figure";
        output.TagMode = TagMode.StartTagAndEndTag;
        var picture = Tile.Tile.Chart switch
        {
            TileChart.SixTwelve => SixTwelveChart.Draw(Tile, Tile.InWords(Board)),
            TileChart.Trend => Sparkline.Draw([.. Tile.Periods.Select(period => period.Value)]),
            _ => "",
        };
        if (picture.Length == 0)
        {
            output.SuppressOutput();
            return;
        }

        var html = new StringBuilder();
        if (Tile.Tile.Chart == TileChart.SixTwelve && Tile.ToDates.Count > 0)
            Box(html);
        Data(html);
        output.Content.SetHtmlContent(picture).AppendHtml(html.ToString());
    }

    /// <summary>The nine numbers: last period, its change, the to-date figures, and under each figure its change on the year.</summary>
    private void Box(StringBuilder html)
    {
        var unit = Board.Board.Grain switch { Grain.Day => "DoD", Grain.Week => "WoW", Grain.Month => "MoM", Grain.Quarter => "QoQ", _ => "YoY" };
        html.Append("<table class=\"box\"><thead><tr><td><th scope=\"col\">").Append(Encode.Encode(Tile.Periods[^1].Label))
            .Append("<th scope=\"col\">").Append(unit);
        foreach (var toDate in Tile.ToDates)
            html.Append("<th scope=\"col\">").Append(toDate.Label);
        html.Append("<tbody><tr><th scope=\"row\"><span class=\"words\">Value</span><td>").Append(Figure(Tile.Value?.Value)).Append(Change(Tile.Change));
        foreach (var toDate in Tile.ToDates)
            html.Append("<td>").Append(Figure(toDate.Value.Value));
        html.Append("<tr><th scope=\"row\">YoY").Append(Change(Tile.YearChange)).Append("<td>");
        foreach (var toDate in Tile.ToDates)
            html.Append(toDate.Value.Value is null ? "<td>–" : Change(toDate.YearChange));
        html.Append("</table>");
    }

    private void Data(StringBuilder html)
    {
        var targets = Tile.Periods.Concat(Tile.Months).Any(period => period.Target is not null);
        html.Append("<details class=\"data\"><summary data-key=\"t\">View data<span class=\"words\"> of ").Append(Encode.Encode(Tile.Name))
            .Append("</span></summary><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Data of ").Append(Encode.Encode(Tile.Name))
            .Append("\"><table><thead><tr><th scope=\"col\">Period<th scope=\"col\">Value<th scope=\"col\">Last year");
        if (targets)
            html.Append("<th scope=\"col\">Target");
        html.Append("<tbody>");
        foreach (var period in Tile.Periods.Concat(Tile.Months))
        {
            html.Append("<tr><th scope=\"row\">").Append(Encode.Encode(period.Name)).Append("<td>").Append(Figure(period.Value.Value));
            if (period.Value is { Value: not null, Complete: false })
                html.Append(" *<span class=\"words\"> incomplete</span>");
            html.Append("<td>").Append(Figure(period.PreviousYear.Value));
            if (targets)
                html.Append("<td>").Append(Figure(period.Target?.Value));
        }

        html.Append("</table></div></details>");
    }

    private string Figure(decimal? value) => Encode.Encode(Tile.Format.Compact(value));

    private string Change(Delta? delta) => delta is null
        ? "<td>n/a"
        : string.Create(CultureInfo.InvariantCulture, $"<td class=\"{ChangeTagHelper.ClassOf(delta.Verdict)}\">{Encode.Encode(delta.Text(Tile.Format))}{(delta.OfIncomplete ? " *" : "")}");
}
