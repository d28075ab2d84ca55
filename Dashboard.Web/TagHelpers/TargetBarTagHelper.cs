using Metrics.Core.Charts;
using Metrics.Core.Targets;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>A figure on the way to its target; nothing where there is no figure, or no positive target that could be the way.</summary>
[HtmlTargetElement("kpi-target-bar", TagStructure = TagStructure.WithoutEndTag)]
public sealed class TargetBarTagHelper : TagHelper
{
    public decimal? Actual { get; set; }

    public decimal Target { get; set; }

    /// <summary>What should be reached: by now in a running period, else the target.</summary>
    public decimal Expected { get; set; }

    public TargetStatus Status { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        if (Actual is { } reached && Target > 0)
            output.Content.SetHtmlContent(Meter.Draw(reached / Target, StatusTagHelper.LookOf(Status), Expected / Target));
    }
}
