using System.Globalization;
using System.Text.Encodings.Web;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>The last line of a tile: what stands out in it, since when it is known, or what is missing.</summary>
[HtmlTargetElement("kpi-footnote", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FootnoteTagHelper(LiveDefinition live) : TagHelper
{
    public TileSnapshot Tile { get; set; } = null!;

    /// <summary>When data of a late source are due next; null where nobody knows.</summary>
    public DateTimeOffset? Expected { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        var restated = Tile.Value?.Restated == true ? Restated() : null;
        if (Tile.Reason is { } reason)
        {
            output.Content.SetContent(reason);
        }
        else if (Tile.State == TileState.NotCurrent)
        {
            output.Content.SetContent(Late());
        }
        else if (Tile.State == TileState.Partial)
        {
            output.Content.SetContent(string.Create(
                CultureInfo.InvariantCulture, $"Data begin inside: {Tile.Value!.CoveredDays} of {Tile.Value.Period.Days} days known"));
        }
        else if (Tile.HasLimits)
        {
            var known = Tile.AsOf is { } moment ? $" As of {MomentTagHelper.TextOf(live, moment)}." : "";
            output.Attributes.SetAttribute("class", SignalTagHelper.ClassOf(Tile.Signal));
            output.Attributes.SetAttribute("title", (Tile.Signal?.Sentence ?? SignalTagHelper.Normal + ".") + known);
            output.Content.SetHtmlContent(restated + SignalTagHelper.Write(Tile.Signal));
        }
        else if (Tile.AsOf is { } asOf)
        {
            output.Content.SetHtmlContent((restated is null ? "" : restated + " · ") + "as of " + HtmlEncoder.Default.Encode(MomentTagHelper.TextOf(live, asOf)));
        }
        else if (restated is not null)
        {
            output.Content.SetHtmlContent(restated);
        }
    }

    /// <summary>"Data to Fri 13 Nov, expected Mon 16 Nov 06:00": 5 of 7 days.</summary>
    private string Late()
    {
        var days = string.Create(CultureInfo.InvariantCulture, $"{Tile.Value!.CoveredDays} of {Tile.Value.Period.Days} days");
        var through = Tile.KnownThrough is { } day ? string.Create(CultureInfo.InvariantCulture, $"Data to {day:ddd d MMM} ({days})") : $"{days} known";
        return Expected is { } due ? $"{through}, expected {MomentTagHelper.TextOf(live, due)}" : through;
    }

    /// <summary>"⟲ from $2.46M", with both figures in full for who points at it.</summary>
    private string Restated()
    {
        if (Tile.RestatedFrom is not { } before)
            return "<span class=\"restated\" title=\"Changed after it first was complete\">⟲ restated</span>";

        var (old, now) = (Tile.Format.Compact(before), Tile.Format.Compact(Tile.Value!.Value));
        var (exactly, today) = (Tile.Format.Exact(before), Tile.Format.Exact(Tile.Value.Value));
        var text = old == now ? "restated" : $"from {old}";
        return $"<span class=\"restated\" title=\"Restated: {HtmlEncoder.Default.Encode(exactly)} → {HtmlEncoder.Default.Encode(today)}\">"
            + $"⟲ {HtmlEncoder.Default.Encode(text)}<span class=\"words\">, restated: {HtmlEncoder.Default.Encode(exactly)}, now {HtmlEncoder.Default.Encode(today)}</span></span>";
    }
}
