using Metrics.Core.Charts;
using Metrics.Core.Series;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>The line of a tile's last periods.</summary>
[HtmlTargetElement("kpi-spark", TagStructure = TagStructure.WithoutEndTag)]
public sealed class SparkTagHelper : TagHelper
{
    public IReadOnlyList<PeriodValue> History { get; set; } = [];

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "spark-box");
        output.Content.SetHtmlContent(Sparkline.Draw(History));
    }
}
