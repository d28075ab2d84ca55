using System.Globalization;
using System.Text.Encodings.Web;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Series;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>A figure of a row whose unit stands at its head; exact when pointed at, with a mark where it is not complete.</summary>
[HtmlTargetElement("kpi-cell", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CellTagHelper : TagHelper
{
    public PeriodValue Value { get; set; } = null!;

    public ValueFormat Format { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        if (Value.Value is not { } value)
        {
            output.Content.SetHtmlContent($"<span aria-hidden=\"true\">{ValueFormat.None}</span><span class=\"words\">no value</span>");
            return;
        }

        var encode = HtmlEncoder.Default;
        output.Content.SetHtmlContent($"<data value=\"{value.ToString(CultureInfo.InvariantCulture)}\">{encode.Encode(Format.Bare(value))}</data>"
            + (Value.Complete ? "" : string.Create(
                CultureInfo.InvariantCulture, $"<span class=\"open\" title=\"{Value.CoveredDays} of {Value.Period.Days} days\">*<span class=\"words\"> incomplete</span></span>")));
    }
}

/// <summary>A change in a column that says what it is compared with.</summary>
[HtmlTargetElement("kpi-score-change", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ScoreChangeTagHelper : TagHelper
{
    public Delta? Delta { get; set; }

    public ValueFormat Format { get; set; } = null!;

    public string On { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "delta " + ChangeTagHelper.ClassOf(Delta?.Verdict));
        output.Content.SetHtmlContent(Delta is null
            ? $"<span aria-hidden=\"true\">{ValueFormat.None}</span><span class=\"words\">{HtmlEncoder.Default.Encode($"no comparison {On}")}</span>"
            : ChangeTagHelper.Write(Delta, Format, null, On));
    }
}

/// <summary>How far a figure is from its target, with its sign; colored by whether that is good news.</summary>
[HtmlTargetElement("kpi-variance", TagStructure = TagStructure.WithoutEndTag)]
public sealed class VarianceTagHelper : TagHelper
{
    public Delta? Delta { get; set; }

    public ValueFormat Format { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", ChangeTagHelper.ClassOf(Delta?.Verdict));
        var encode = HtmlEncoder.Default;
        output.Content.SetHtmlContent(Delta is not { } delta
            ? $"<span aria-hidden=\"true\">{ValueFormat.None}</span><span class=\"words\">no target</span>"
            : encode.Encode(delta.Text(Format)) + delta.Verdict switch
            {
                Verdict.Favorable => "<span class=\"words\">, favourable</span>",
                Verdict.Unfavorable => "<span class=\"words\">, unfavourable</span>",
                _ => "",
            });
    }
}

/// <summary>Of how many answers a figure is made, and how far it may be off: "n 412 ±4.6".</summary>
[HtmlTargetElement("kpi-answers", TagStructure = TagStructure.WithoutEndTag)]
public sealed class AnswersTagHelper : TagHelper
{
    public ConfidenceInterval Interval { get; set; } = null!;

    public ValueFormat Format { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        var text = string.Create(CultureInfo.InvariantCulture, $"n {Interval.Answers:N0}")
            + (Interval is { Low: { } low, High: { } high } ? $" ±{Format.Bare((high - low) / 2)}" : "");
        output.Content.SetContent(text);
    }
}
