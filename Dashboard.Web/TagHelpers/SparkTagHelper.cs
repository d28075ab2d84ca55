using Metrics.Core.Charts;
using Metrics.Core.Series;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>The line of a tile's last periods.</summary>
[HtmlTargetElement("kpi-spark", TagStructure = TagStructure.WithoutEndTag)]
public sealed class SparkTagHelper : TagHelper
{
    public IReadOnlyList<PeriodValue> History { get; set; } = [];

    /// <summary>What the first period is called.</summary>
    public string From { get; set; } = "";

    /// <summary>What the last period is called.</summary>
    public string To { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "spark-box");
        if (Sparkline.Draw(History) is not { Length: > 0 } picture)
            return;

        output.Content.SetHtmlContent(picture);
        output.Content.AppendHtml("<span class=\"spark-names\" aria-hidden=\"true\"><span>");
        output.Content.Append(From);
        output.Content.AppendHtml("</span><span>");
        output.Content.Append(To);
        output.Content.AppendHtml("</span></span>");
    }
}
