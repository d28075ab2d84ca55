using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Metrics.Core.Catalog;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>A formula as its author wrote it, with the metrics in it as links or as numbers.</summary>
[HtmlTargetElement("kpi-formula", TagStructure = TagStructure.WithoutEndTag)]
public sealed partial class FormulaTagHelper : TagHelper
{
    public Formula Formula { get; set; } = null!;

    /// <summary>What stands in the place of each metric; null leaves its name, as a link.</summary>
    public IReadOnlyDictionary<string, string>? Numbers { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "code";
        output.TagMode = TagMode.StartTagAndEndTag;
        var written = 0;
        foreach (Match id in Ids().Matches(Formula.Text))
        {
            output.Content.AppendHtml(HtmlEncoder.Default.Encode(Formula.Text[written..id.Index]));
            output.Content.AppendHtml(Write(id.Value));
            written = id.Index + id.Length;
        }

        output.Content.AppendHtml(HtmlEncoder.Default.Encode(Formula.Text[written..]));
    }

    private string Write(string id) =>
        !Formula.Metrics.Contains(id) ? HtmlEncoder.Default.Encode(id)
        : Numbers is not null ? HtmlEncoder.Default.Encode(Numbers[id])
        : $"<a href=\"/metrics/{id}\">{id}</a>";

    [GeneratedRegex("[a-z][a-z0-9_]*", RegexOptions.CultureInvariant)]
    private static partial Regex Ids();
}
