using System.Globalization;
using System.Text.Encodings.Web;
using Metrics.Core.Boards;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>What a tile's figure can be trusted for: icon, word and color. A complete figure needs no word.</summary>
[HtmlTargetElement("kpi-status", TagStructure = TagStructure.WithoutEndTag)]
public sealed class StatusTagHelper : TagHelper
{
    public TileSnapshot Tile { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var (look, icon, word) = Tile.State switch
        {
            TileState.Running => ("neutral", "◔", string.Create(CultureInfo.InvariantCulture, $"{Tile.Value!.CoveredDays} of {Tile.Value.Period.Days} days")),
            TileState.NotCurrent => ("watch", "◐", "Not current"),
            TileState.Partial => ("neutral", "◔", "Partial"),
            TileState.NoData => ("neutral", "○", "No data"),
            TileState.NotReadable => ("neutral", "○", "n/a"),
            _ => ("", "", ""),
        };
        if (word.Length == 0)
        {
            output.SuppressOutput();
            return;
        }

        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "chip " + look);
        output.Content.SetHtmlContent($"<span aria-hidden=\"true\">{icon}</span> {HtmlEncoder.Default.Encode(word)}");
    }
}
