using Metrics.Core.Catalog;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>A value: compact to read, exact when pointed at.</summary>
[HtmlTargetElement("kpi-value", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ValueTagHelper : TagHelper
{
    public decimal? Value { get; set; }

    public ValueFormat Format { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "data";
        output.TagMode = TagMode.StartTagAndEndTag;
        if (Value is { } value)
        {
            output.Attributes.SetAttribute("value", value.ToString(System.Globalization.CultureInfo.InvariantCulture));
            output.Attributes.SetAttribute("title", Format.Exact(value));
            output.Content.SetContent(Format.Compact(value));
        }
        else
        {
            output.TagName = "span";
            output.Content.SetHtmlContent("<span aria-hidden=\"true\">" + ValueFormat.None + "</span><span class=\"words\">no value</span>");
        }
    }
}
