using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Metrics.Core.Catalog;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>A formula as its author wrote it, with the metrics in it as links.</summary>
[HtmlTargetElement("kpi-formula", TagStructure = TagStructure.WithoutEndTag)]
public sealed partial class FormulaTagHelper : TagHelper
{
    public Formula Formula { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "code";
        output.TagMode = TagMode.StartTagAndEndTag;
        var written = 0;
        foreach (Match id in Ids().Matches(Formula.Text))
        {
            output.Content.AppendHtml(HtmlEncoder.Default.Encode(Formula.Text[written..id.Index]));
            output.Content.AppendHtml(Formula.Metrics.Contains(id.Value) ? $"<a href=\"/metrics/{id.Value}\">{id.Value}</a>" : HtmlEncoder.Default.Encode(id.Value));
            written = id.Index + id.Length;
        }

        output.Content.AppendHtml(HtmlEncoder.Default.Encode(Formula.Text[written..]));
    }

    [GeneratedRegex("[a-z][a-z0-9_]*", RegexOptions.CultureInvariant)]
    private static partial Regex Ids();
}
