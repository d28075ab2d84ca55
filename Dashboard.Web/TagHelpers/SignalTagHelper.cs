using System.Text.Encodings.Web;
using Metrics.Core.Signals;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>
/// What stands out, short, with the mark whose shape tells the rule; without a signal that it is normal variation. Color and words are
/// its meaning, the shape is not.
/// </summary>
[HtmlTargetElement("kpi-signal", TagStructure = TagStructure.WithoutEndTag)]
public sealed class SignalTagHelper : TagHelper
{
    public const string Normal = "Within normal variation";

    public Signal? Signal { get; set; }

    /// <summary>Whether only the mark is to be seen, where a row has no room for more; the whole sentence is said when it is pointed at, or read.</summary>
    public bool Brief { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", ClassOf(Signal));
        if (Signal is not null)
            output.Attributes.SetAttribute("title", Signal.Sentence);
        output.Content.SetHtmlContent(Brief && Signal is not null
            ? $"<span aria-hidden=\"true\">{Signal.Mark}</span><span class=\"words\">{HtmlEncoder.Default.Encode(Signal.Sentence)}</span>"
            : Write(Signal));
    }

    internal static string ClassOf(Signal? signal) => "signal " + signal switch
    {
        null => "normal",
        { IsFavorable: true } => "good",
        { IsFavorable: false } => "bad",
        _ => "neutral",
    };

    internal static string Write(Signal? signal) => signal is null
        ? Normal
        : $"<span aria-hidden=\"true\">{signal.Mark}</span> {HtmlEncoder.Default.Encode(signal.Short)}"
            + (signal.IsFavorable is { } good ? $"<span class=\"words\">, {(good ? "favourable" : "unfavourable")}</span>" : "");
}
