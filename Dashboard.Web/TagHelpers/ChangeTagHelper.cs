using System.Text.Encodings.Web;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>
/// A change: the arrow is its direction, color and words are its meaning. Falling churn points down and is still good news, so the two
/// are never taken from one sign.
/// </summary>
[HtmlTargetElement("kpi-change", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ChangeTagHelper : TagHelper
{
    public Delta? Delta { get; set; }

    public ValueFormat Format { get; set; } = null!;

    /// <summary>What it is compared with, as shown behind the change ("vs W45"); null shows nothing.</summary>
    public string? Versus { get; set; }

    /// <summary>The same as a sentence says it: "on last week".</summary>
    public string On { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "delta " + ClassOf(Delta?.Verdict));
        output.Content.SetHtmlContent(Write(Delta, Format, Versus, On));
    }

    internal static string ClassOf(Verdict? verdict) => verdict switch
    {
        Verdict.Favorable => "good",
        Verdict.Unfavorable => "bad",
        _ => "neutral",
    };

    internal static string Write(Delta? delta, ValueFormat format, string? versus, string on)
    {
        var encode = HtmlEncoder.Default;
        var shownVersus = versus is null ? "" : " <span>" + encode.Encode(versus) + "</span>";
        if (delta is null)
            return $"<span aria-hidden=\"true\"><b>n/a</b>{shownVersus}</span> <span class=\"words\">{encode.Encode($"no comparison {on}")}</span>";

        var arrow = delta.Sign switch { > 0 => "▲", < 0 => "▼", _ => "●" };
        var text = delta.Text(format).TrimStart('+', '\u2212');
        var words = $"{delta.InWords(format)} {on}{MeaningOf(delta.Verdict)}";
        return $"<span aria-hidden=\"true\"><i>{arrow}</i> <b>{encode.Encode(text)}</b>{shownVersus}</span>"
            + $" <span class=\"words\">{encode.Encode(words)}</span>";
    }

    private static string MeaningOf(Verdict verdict) => verdict switch
    {
        Verdict.Favorable => ", favourable",
        Verdict.Unfavorable => ", unfavourable",
        _ => "",
    };
}
