using System.Text.Encodings.Web;
using Dashboard.Web.Access;
using Dashboard.Web.Pages.Targets;
using Metrics.Core.Boards;
using Metrics.Core.Charts;
using Metrics.Core.Definitions;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>How far a tile's target is reached: a bar with the target as a tick, and the same in words.</summary>
[HtmlTargetElement("kpi-target", TagStructure = TagStructure.WithoutEndTag)]
public sealed class TargetTagHelper(LiveDefinition live) : TagHelper
{
    public TileSnapshot Tile { get; set; } = null!;

    /// <summary>The board, for the period that a target would be set for; null offers to set none.</summary>
    public BoardSnapshot? Board { get; set; }

    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext View { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "target-line");
        if (Tile.Target is null)
        {
            if (Tile.Status != TargetStatus.NoTarget)
                output.Content.SetContent("");
            else if (Board is not null && Tile.Filter is null && MaySet())
                output.Content.SetHtmlContent($"<a class=\"ghost\" href=\"{HtmlEncoder.Default.Encode(SetAddress(Board))}\">Set target<span class=\"words\"> of {HtmlEncoder.Default.Encode(Tile.Name)}</span></a>");
            else
                output.Content.SetContent("No target set");
            return;
        }

        var calendar = live.Current.Calendar;
        var source = Tile.TargetSourceInWords(target => calendar.Name(target.Grain, target.Period));
        output.Content.SetHtmlContent(
            $"{Meter.Draw(Tile.Attainment ?? 0, StatusTagHelper.LookOf(Tile.Status))}<span title=\"{HtmlEncoder.Default.Encode(source)}\">{HtmlEncoder.Default.Encode(Tile.TargetInWords())}<span class=\"words\">, {HtmlEncoder.Default.Encode(source)}</span></span>");
    }

    // Documents are made for nobody, so they offer nothing.
    private bool MaySet() => View.HttpContext.User.HasClaim(Policies.Claim, Policies.Operate);

    private string SetAddress(BoardSnapshot board) =>
        "/targets/set" + TargetAddress.Of(Tile.Metric.Id, board.Board.Versions[0], board.Board.Grain, board.Key, Segment.Total);
}
