using System.Globalization;
using Dashboard.Web.Pages;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>A section of the top bar; the one that the page belongs to says so.</summary>
[HtmlTargetElement("kpi-section", TagStructure = TagStructure.WithoutEndTag)]
public sealed class SectionTagHelper : TagHelper
{
    public Section Section { get; set; } = null!;

    public string? Current { get; set; }

    /// <summary>How much in it asks for attention; 0 shows nothing.</summary>
    public int Count { get; set; }

    /// <summary>What is counted, for those who do not see the mark: "firing".</summary>
    public string Counted { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "a";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("href", Section.Address);
        if (Section.Go is { } key)
            output.Attributes.SetAttribute("data-go", key.ToString());
        if (Current == Section.Name)
            output.Attributes.SetAttribute("aria-current", "page");
        output.Content.SetContent(Section.Name);
        if (Count > 0)
            output.Content.AppendHtml(string.Create(CultureInfo.InvariantCulture, $" <span class=\"count\">{Count}<span class=\"words\"> {Counted}</span></span>"));
    }
}
