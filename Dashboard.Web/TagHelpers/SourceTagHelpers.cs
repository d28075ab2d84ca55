using System.Globalization;
using Metrics.Core.Connectors;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>Whether a source is current: icon, word and color.</summary>
[HtmlTargetElement("kpi-freshness", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FreshnessTagHelper : TagHelper
{
    public SourceStatus Status { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var (look, icon, word) = (Status.Freshness, Status.Running) switch
        {
            (_, true) => ("neutral", "◔", "Syncing"),
            (Freshness.Never, _) => ("neutral", "○", "Never synced"),
            (Freshness.Stale, _) => ("watch", "◐", "Stale"),
            _ => ("good", "✓", "Current"),
        };
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "chip " + look);
        output.Content.SetHtmlContent($"<span aria-hidden=\"true\">{icon}</span> {word}");
    }
}

/// <summary>How a sync ended: icon, word and color.</summary>
[HtmlTargetElement("kpi-outcome", TagStructure = TagStructure.WithoutEndTag)]
public sealed class OutcomeTagHelper : TagHelper
{
    public SyncRun Run { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var (look, icon, word) = Run.Outcome switch
        {
            SyncOutcome.Running => ("muted", "◔", "running"),
            SyncOutcome.Succeeded => ("good", "✓", "succeeded"),
            SyncOutcome.SucceededWithRejects => ("late", "◐", "succeeded, some rows rejected"),
            SyncOutcome.Failed => ("bad", "!", "failed"),
            _ => ("late", "◐", "interrupted"),
        };
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", look);
        output.Content.SetHtmlContent($"<span aria-hidden=\"true\">{icon}</span> {word}");
    }
}

/// <summary>A whole number of rows.</summary>
[HtmlTargetElement("kpi-count", TagStructure = TagStructure.WithoutEndTag)]
public sealed class CountTagHelper : TagHelper
{
    public long Value { get; set; }

    /// <summary>Whether any other number than 0 is bad news.</summary>
    public bool Bad { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        if (Bad && Value > 0)
            output.Attributes.SetAttribute("class", "bad");
        output.Content.SetContent(Value.ToString("N0", CultureInfo.InvariantCulture));
    }
}

/// <summary>The last day that belongs to a span, from the first that does not.</summary>
[HtmlTargetElement("kpi-last-day", TagStructure = TagStructure.WithoutEndTag)]
public sealed class LastDayTagHelper : TagHelper
{
    public DateOnly? Before { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        output.Content.SetContent(Before?.AddDays(-1).ToString("ddd d MMM yyyy", CultureInfo.InvariantCulture) ?? "–");
    }
}
