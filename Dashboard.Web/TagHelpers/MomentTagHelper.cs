using System.Globalization;
using Metrics.Core.Definitions;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Dashboard.Web.TagHelpers;

/// <summary>A moment by the clocks of the workspace's zone.</summary>
[HtmlTargetElement("kpi-moment", TagStructure = TagStructure.WithoutEndTag)]
public sealed class MomentTagHelper(LiveDefinition live) : TagHelper
{
    public DateTimeOffset? At { get; set; }

    /// <summary>Whether the year is said too; beside other moments of the last weeks it needs not be.</summary>
    public bool Year { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (At is not { } at)
        {
            output.TagName = null;
            output.Content.SetContent("–");
            return;
        }

        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        var local = live.Current.Calendar.LocalTimeOf(at);
        output.Attributes.SetAttribute("title", string.Create(CultureInfo.InvariantCulture, $"{local:yyyy-MM-dd HH:mm:ss} {live.Current.Calendar.Settings.TimeZone}"));
        output.Content.SetContent(Year ? local.ToString("ddd d MMM yyyy HH:mm", CultureInfo.InvariantCulture) : TextOf(live, at));
    }

    internal static string TextOf(LiveDefinition live, DateTimeOffset at) =>
        live.Current.Calendar.LocalTimeOf(at).ToString("ddd d MMM HH:mm", CultureInfo.InvariantCulture);
}
