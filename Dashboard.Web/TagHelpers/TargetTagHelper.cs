using System.Text.Encodings.Web;
using Metrics.Core.Boards;
using Metrics.Core.Charts;
using Metrics.Core.Definitions;
using Metrics.Core.Targets;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>How far a tile's target is reached: a bar with the target as a tick, and the same in words.</summary>
[HtmlTargetElement("kpi-target", TagStructure = TagStructure.WithoutEndTag)]
public sealed class TargetTagHelper(LiveDefinition live) : TagHelper
{
    public TileSnapshot Tile { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "target-line");
        if (Tile.Target is null)
        {
            output.Content.SetContent(Tile.Status == TargetStatus.NoTarget ? "No target set" : "");
            return;
        }

        var calendar = live.Current.Calendar;
        var source = Tile.TargetSourceInWords(target => calendar.Name(target.Grain, target.Period));
        output.Content.SetHtmlContent(
            $"{Meter.Draw(Tile.Attainment ?? 0, StatusTagHelper.LookOf(Tile.Status))}<span title=\"{HtmlEncoder.Default.Encode(source)}\">{HtmlEncoder.Default.Encode(Tile.TargetInWords())}<span class=\"words\">, {HtmlEncoder.Default.Encode(source)}</span></span>");
    }
}
