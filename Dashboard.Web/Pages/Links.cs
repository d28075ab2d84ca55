using Metrics.Core.Periods;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Dashboard.Web.Pages;

/// <summary>
/// Addresses in parts that stand on pages and in documents alike: on a page they are paths, in a document they begin with where the
/// dashboard is, or are not there.
/// </summary>
internal static class Links
{
    private const string Site = nameof(Site);

    /// <summary>The address of a metric; null, which leaves the attribute out, in a document that does not know where the dashboard is.</summary>
    public static string? Metric(ViewDataDictionary view, string id, Grain grain) => Of(view, $"/metrics/{id}?grain={grain.Name()}");

    /// <summary>The address of an alert rule; null as for a metric.</summary>
    public static string? Alert(ViewDataDictionary view, string rule) => Of(view, $"/alerts/{rule}");

    /// <summary>The address of a source; null as for a metric.</summary>
    public static string? Source(ViewDataDictionary view, string id) => Of(view, $"/sources#{id}");

    /// <summary>The address of a page of the product; null as for a metric.</summary>
    public static string? Page(ViewDataDictionary view, string path) => Of(view, path);

    /// <summary>Makes the addresses of a view those of a document.</summary>
    public static void Lead(ViewDataDictionary view, Uri? site) => view[Site] = site;

    private static string? Of(ViewDataDictionary view, string path) =>
        view.TryGetValue(Site, out var site) ? site is Uri known ? new Uri(known, path).ToString() : null : path;
}
