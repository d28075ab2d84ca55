using System.Globalization;
using Metrics.Core.Definitions;

namespace Dashboard.Web.Pages;

/// <summary>What pages say about faults in the workspace.</summary>
public static class FaultWords
{
    /// <summary>One sentence for the banner that stands on every page.</summary>
    public static string Summary(LiveDefinition live)
    {
        var count = live.Faults.Count;
        var faults = count == 1 ? "a fault" : string.Create(CultureInfo.InvariantCulture, $"{count} faults");
        return live.Current.Folder.Exists
            ? $"The workspace has {faults}; what is shown is the last good version, or leaves the faulty parts out."
            : "There is no workspace.";
    }
}
