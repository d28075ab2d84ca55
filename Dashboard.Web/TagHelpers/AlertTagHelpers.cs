using System.Text;
using System.Text.Encodings.Web;
using Metrics.Core.Alerts;
using Metrics.Core.Definitions;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>Where an alert stands: icon, word and color.</summary>
[HtmlTargetElement("kpi-alert-state", TagStructure = TagStructure.WithoutEndTag)]
public sealed class AlertStateTagHelper : TagHelper
{
    public AlertState State { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var (look, icon, word) = WordsOf(State);
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "chip " + look);
        output.Content.SetHtmlContent($"<span aria-hidden=\"true\">{icon}</span> {word}");
    }

    /// <summary>How a state looks, and what it is called.</summary>
    internal static (string Look, string Icon, string Word) WordsOf(AlertState state) => state switch
    {
        AlertState.Firing => ("bad", "▲", "Firing"),
        AlertState.Pending => ("watch", "◔", "Pending"),
        AlertState.Stale => ("watch", "◐", "Stale"),
        AlertState.NoData => ("neutral", "◌", "No data"),
        AlertState.Error => ("bad", "✕", "Error"),
        _ => ("good", "✓", "OK"),
    };
}

/// <summary>The last evaluations of an alert as a strip of cells, oldest first: a shape and a color for what it was after each.</summary>
[HtmlTargetElement("kpi-alert-strip", TagStructure = TagStructure.WithoutEndTag)]
public sealed class AlertStripTagHelper(LiveDefinition live) : TagHelper
{
    public IReadOnlyList<LoggedEvaluation> Evaluations { get; set; } = [];

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "ol";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "strip");
        var calendar = live.Current.Calendar;
        var cells = new StringBuilder();
        foreach (var evaluation in Evaluations)
        {
            var (look, icon, word) = AlertStateTagHelper.WordsOf(evaluation.After);
            var title = HtmlEncoder.Default.Encode($"{calendar.ShortLabel(evaluation.Grain, evaluation.Period)}: {word}. {evaluation.Sentence}");
            cells.Append("<li class=\"").Append(look).Append("\" title=\"").Append(title).Append("\"><span aria-hidden=\"true\">")
                .Append(evaluation.After == AlertState.Ok ? "●" : icon).Append("</span><span class=\"words\">").Append(title).Append("</span>");
        }

        output.Content.SetHtmlContent(cells.ToString());
    }
}
