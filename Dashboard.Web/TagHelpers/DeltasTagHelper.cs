using Metrics.Core.Boards;
using Metrics.Core.Periods;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>The two changes of a tile, or why there are none.</summary>
[HtmlTargetElement("kpi-deltas", TagStructure = TagStructure.WithoutEndTag)]
public sealed class DeltasTagHelper : TagHelper
{
    public TileSnapshot Tile { get; set; } = null!;

    public string PreviousName { get; set; } = "";

    public Grain Grain { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        switch (Tile.State)
        {
            case TileState.Complete:
                Add(output, Tile.Change, "vs " + PreviousName, Grain == Grain.Day ? "on the day before" : $"on last {Grain.Name()}");
                Add(output, Tile.YearChange, "vs last year", "on last year");
                break;
            case TileState.Running or TileState.NotCurrent or TileState.Partial:
                output.Content.AppendHtml("<span class=\"delta neutral\">not compared<br>until complete</span>");
                break;
            default:
                break;
        }
    }

    private void Add(TagHelperOutput output, Delta? delta, string versus, string on)
    {
        output.Content.AppendHtml($"<span class=\"delta {ChangeTagHelper.ClassOf(delta?.Verdict)}\">");
        output.Content.AppendHtml(ChangeTagHelper.Write(delta, Tile.Format, versus, on));
        output.Content.AppendHtml("</span>");
    }
}
