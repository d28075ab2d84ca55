using Metrics.Core.Boards;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>The two changes of a tile, or why there are none.</summary>
[HtmlTargetElement("kpi-deltas", TagStructure = TagStructure.WithoutEndTag)]
public sealed class DeltasTagHelper : TagHelper
{
    public TileSnapshot Tile { get; set; } = null!;

    public BoardSnapshot Board { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        switch (Tile.State)
        {
            case TileState.Complete:
                Add(output, Tile.Compared, Board.ComparedWith);
                Add(output, Board.AlsoOf(Tile), Board.AlsoWith);
                break;
            case TileState.Running or TileState.NotCurrent or TileState.Partial:
                output.Content.AppendHtml("<span class=\"delta neutral\">not compared<br>until complete</span>");
                break;
            default:
                break;
        }
    }

    private void Add(TagHelperOutput output, Delta? delta, ComparisonName with)
    {
        output.Content.AppendHtml($"<span class=\"delta {ChangeTagHelper.ClassOf(delta?.Verdict)}\">");
        output.Content.AppendHtml(ChangeTagHelper.Write(delta, Tile.Format, "vs " + with.Short, with.InWords));
        output.Content.AppendHtml("</span>");
    }
}
