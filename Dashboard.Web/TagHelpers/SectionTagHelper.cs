using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>A section of the top bar; the one that the page belongs to says so.</summary>
[HtmlTargetElement("kpi-section", TagStructure = TagStructure.WithoutEndTag)]
public sealed class SectionTagHelper : TagHelper
{
    public string Href { get; set; } = "";

    public string Name { get; set; } = "";

    public string? Current { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "a";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("href", Href);
        if (Current == Name)
            output.Attributes.SetAttribute("aria-current", "page");
        output.Content.SetContent(Name);
    }
}
