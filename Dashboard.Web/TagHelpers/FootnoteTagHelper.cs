using System.Globalization;
using System.Text.Encodings.Web;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>The last line of a tile: what stands out in it, since when it is known, or what is missing.</summary>
[HtmlTargetElement("kpi-footnote", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FootnoteTagHelper(LiveDefinition live) : TagHelper
{
    public TileSnapshot Tile { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        var restated = Tile.Value?.Restated == true ? "<span class=\"restated\" title=\"Changed after it first was complete\">⟲ restated</span> · " : "";
        if (Tile.Reason is { } reason)
        {
            output.Content.SetContent(reason);
        }
        else if (Tile.State == TileState.NotCurrent)
        {
            output.Attributes.SetAttribute("class", "late");
            output.Content.SetContent(string.Create(
                CultureInfo.InvariantCulture, $"Not current: {Tile.Value!.CoveredDays} of {Tile.Value.Period.Days} days known"));
        }
        else if (Tile.State == TileState.Partial)
        {
            output.Content.SetContent(string.Create(
                CultureInfo.InvariantCulture, $"Data begin inside: {Tile.Value!.CoveredDays} of {Tile.Value.Period.Days} days known"));
        }
        else if (Tile.HasLimits)
        {
            var known = Tile.AsOf is { } moment ? $" As of {MomentTagHelper.TextOf(live, moment)}." : "";
            output.Attributes.SetAttribute("class", SignalTagHelper.ClassOf(Tile.Signal));
            output.Attributes.SetAttribute("title", (Tile.Signal?.Sentence ?? SignalTagHelper.Normal + ".") + known);
            output.Content.SetHtmlContent(restated + SignalTagHelper.Write(Tile.Signal));
        }
        else if (Tile.AsOf is { } asOf)
        {
            output.Content.SetHtmlContent(restated + "as of " + HtmlEncoder.Default.Encode(MomentTagHelper.TextOf(live, asOf)));
        }
        else if (restated.Length > 0)
        {
            output.Content.SetHtmlContent("<span class=\"restated\">⟲ restated</span>");
        }
    }
}
