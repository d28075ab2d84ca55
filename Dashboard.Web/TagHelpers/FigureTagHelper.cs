using System.Globalization;
using System.Text.Encodings.Web;
using Metrics.Core.Catalog;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>A value that leads to its working; without one, the value alone.</summary>
[HtmlTargetElement("kpi-figure", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FigureTagHelper : TagHelper
{
    public decimal? Value { get; set; }

    public ValueFormat Format { get; set; } = null!;

    /// <summary>The address of the working; empty for none, which is what a view makes of null.</summary>
    public string Working { get; set; } = "";

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Value is not { } value)
        {
            output.TagName = "span";
            output.TagMode = TagMode.StartTagAndEndTag;
            output.Content.SetHtmlContent($"<span aria-hidden=\"true\">{ValueFormat.None}</span><span class=\"words\">no value</span>");
            return;
        }

        var encode = HtmlEncoder.Default;
        var data = $"<data value=\"{value.ToString(CultureInfo.InvariantCulture)}\" title=\"{encode.Encode(Format.Exact(value))}\">"
            + $"{encode.Encode(Format.Compact(value))}</data>";
        output.TagName = Working.Length == 0 ? null : "a";
        output.TagMode = TagMode.StartTagAndEndTag;
        if (Working.Length > 0)
        {
            output.Attributes.SetAttribute("class", "figure");
            output.Attributes.SetAttribute("href", Working);
        }

        output.Content.SetHtmlContent(data);
    }
}

/// <summary>A part of a total: "42.1 %"; a dash where there is none.</summary>
[HtmlTargetElement("kpi-share", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ShareTagHelper : TagHelper
{
    private static readonly ValueFormat Percent = new(Unit.Percent, "");

    public decimal? Value { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "data";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("value", Value?.ToString(CultureInfo.InvariantCulture) ?? "");
        output.Content.SetContent(Percent.Compact(Value));
    }
}

/// <summary>A bar inside a cell. It repeats what the number beside it says, so it is hidden from those who hear the page.</summary>
[HtmlTargetElement("kpi-bar", TagStructure = TagStructure.WithoutEndTag)]
public sealed class BarTagHelper : TagHelper
{
    /// <summary>How long it is, 0 to 1.</summary>
    public double Length { get; set; }

    public bool Negative { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", Negative ? "bar-in negative" : "bar-in");
        output.Attributes.SetAttribute("viewBox", "0 0 100 8");
        output.Attributes.SetAttribute("preserveAspectRatio", "none");
        output.Attributes.SetAttribute("aria-hidden", "true");
        output.Attributes.SetAttribute("focusable", "false");
        var width = Math.Round(100 * Length, 1).ToString(CultureInfo.InvariantCulture);
        output.Content.SetHtmlContent($"<rect width=\"{width}\" height=\"8\"/>");
    }
}
