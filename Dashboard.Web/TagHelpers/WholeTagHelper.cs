using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>A sentence whose figures stay whole at the end of a line: browsers break between a minus and the sign of a currency.</summary>
[HtmlTargetElement("*", Attributes = "kpi-whole")]
public sealed class WholeTagHelper : TagHelper
{
    private const string Minus = "\u2212";
    private const string WordJoiner = "\u2060";

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        output.Attributes.RemoveAll("kpi-whole");
        var content = (await output.GetChildContentAsync()).GetContent();
        output.Content.SetHtmlContent(content.Replace("&#x2212;", Minus, StringComparison.Ordinal).Replace(Minus, Minus + WordJoiner, StringComparison.Ordinal));
    }
}
