using System.Globalization;
using Metrics.Core.Annotations;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;

namespace Dashboard.Web.Pages;

/// <summary>What pages say of events.</summary>
internal static class EventWords
{
    private static readonly CultureInfo Words = CultureInfo.InvariantCulture;

    /// <summary>"21 Sep 2026", "21–25 Sep 2026", "28 Sep – 2 Oct 2026".</summary>
    public static string DaysOf(Period days) => (days.Start, days.LastDay) switch
    {
        var (first, last) when first == last => first.ToString("d MMM yyyy", Words),
        var (first, last) when (first.Year, first.Month) == (last.Year, last.Month) => string.Create(Words, $"{first.Day}–{last:d MMM yyyy}"),
        var (first, last) when first.Year == last.Year => string.Create(Words, $"{first:d MMM} – {last:d MMM yyyy}"),
        var (first, last) => string.Create(Words, $"{first:d MMM yyyy} – {last:d MMM yyyy}"),
    };

    /// <summary>What it is about: "Whole company", "MRR, Customers · DACH".</summary>
    public static string ScopeOf(Annotation one, CompanyDefinition company)
    {
        var metrics = one.Metrics.Select(id => company.Catalog.TryGet(id, out var metric) ? metric.Name : id);
        var boards = one.Boards.Select(id => company.FindBoard(id)?.Name ?? id);
        var scope = one.IsOfWholeCompany ? one.Segment.IsTotal ? "Whole company" : "" : string.Join(", ", [.. boards, .. metrics]);
        return string.Join(" · ", ((string[])[scope, one.Segment.IsTotal ? "" : one.Segment.ToString()]).Where(part => part.Length > 0));
    }

    public static string NameOf(AnnotationKind kind) => kind.ToString();
}
