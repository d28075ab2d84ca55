using System.Globalization;
using System.Text.Encodings.Web;
using Metrics.Core.Series;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>Whether a period value is final: "complete", or how many of its days are known; and whether it changed since.</summary>
[HtmlTargetElement("kpi-completeness", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CompletenessTagHelper : TagHelper
{
    public PeriodValue Value { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        var text = Value.Complete ? "complete" : string.Create(CultureInfo.InvariantCulture, $"{Value.CoveredDays} of {Value.Period.Days} days");
        output.Attributes.SetAttribute("class", Value.Complete ? "muted" : "late");
        output.Content.SetHtmlContent(HtmlEncoder.Default.Encode(text)
            + (Value.Restated ? " · <span class=\"restated\" title=\"Changed after it first was complete\">⟲ restated</span>" : ""));
    }
}
