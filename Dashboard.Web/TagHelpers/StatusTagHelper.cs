using System.Globalization;
using System.Text.Encodings.Web;
using Metrics.Core.Boards;
using Metrics.Core.Targets;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>How a tile stands against its target, or what its figure can be trusted for where that comes first: icon, word and color.</summary>
[HtmlTargetElement("kpi-status", TagStructure = TagStructure.WithoutEndTag)]
public sealed class StatusTagHelper : TagHelper
{
    public TileSnapshot? Tile { get; set; }

    /// <summary>The status alone, where there is no tile.</summary>
    public TargetStatus Status { get; set; }

    /// <summary>Without the box around it, for tables, where many stand below each other.</summary>
    public bool Plain { get; set; }

    /// <summary>Another word than the status has by itself, such as what became of it in the end.</summary>
    public string? Word { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var (look, icon, word) = (Tile?.State ?? TileState.Complete) switch
        {
            TileState.Running => ("neutral", "◔", string.Create(CultureInfo.InvariantCulture, $"{Tile!.Value!.CoveredDays} of {Tile.Value.Period.Days} days")),
            TileState.NotCurrent => ("neutral", "◷", "Not current"),
            TileState.Partial => ("neutral", "◔", "Partial"),
            TileState.NoData => ("neutral", "○", "No data"),
            TileState.NotReadable => ("neutral", "○", "n/a"),
            _ when Tile?.Interval is { TooFew: true } => ("neutral", "○", "Too few"),
            _ => WordsOf(Tile?.Status ?? Status),
        };
        output.TagName = "span";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", (Plain ? "status " : "chip ") + look);
        output.Content.SetHtmlContent($"<span aria-hidden=\"true\">{icon}</span> {HtmlEncoder.Default.Encode(Word ?? word)}");
    }

    /// <summary>The class that colors a status.</summary>
    internal static string LookOf(TargetStatus status) => WordsOf(status).Look;

    /// <summary>How a status looks, and what it is called.</summary>
    internal static (string Look, string Icon, string Word) WordsOf(TargetStatus status) => status switch
    {
        TargetStatus.OnTrack => ("good", "✓", "On track"),
        TargetStatus.AtRisk => ("watch", "!", "At risk"),
        TargetStatus.OffTrack => ("bad", "✕", "Off track"),
        TargetStatus.NotCurrent => ("neutral", "◷", "Not current"),
        _ => ("neutral", "–", "No target"),
    };
}
