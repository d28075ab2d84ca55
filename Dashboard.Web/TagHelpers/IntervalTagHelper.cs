using Metrics.Core.Catalog;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>Between which values a figure lies and of how many answers it is made; nothing for a figure that is no sample.</summary>
[HtmlTargetElement("kpi-interval", TagStructure = TagStructure.WithoutEndTag)]
public sealed class IntervalTagHelper : TagHelper
{
    public ConfidenceInterval? Interval { get; set; }

    public ValueFormat Format { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Interval is null)
        {
            output.SuppressOutput();
            return;
        }

        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Interval.TooFew ? "interval few" : "interval");
        output.Content.SetContent(Interval.InWords(Format));
    }
}
