using Metrics.Core.Annotations;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Annotations;

/// <summary>The events that began in one month, newest first.</summary>
public sealed record MonthOfEvents(string Name, IReadOnlyList<Annotation> Events);

/// <summary>What happened, newest first.</summary>
public sealed class IndexModel(LiveDefinition live, AnnotationReader annotations, IAnnotationStore store) : PageModel
{
    private const int MostShown = 200;
    private const int ChangesShown = 20;

    public IReadOnlyList<MonthOfEvents> Months { get; private set; } = [];

    /// <summary>How many that fit are older than those shown.</summary>
    public int More { get; private set; }

    /// <summary>Whether there is any event, whatever the filters say.</summary>
    public bool HasEvents { get; private set; }

    public IReadOnlyList<Metric> Metrics { get; private set; } = [];

    public IReadOnlyList<Board> Boards { get; private set; } = [];

    public IReadOnlyList<AnnotationChange> History { get; private set; } = [];

    public string? Metric { get; private set; }

    public string? BoardId { get; private set; }

    public AnnotationKind? Kind { get; private set; }

    /// <summary>What was done to lead here; null where nothing was.</summary>
    public (string Title, string What)? Changed { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? metric, string? board, string? kind, string? changed, CancellationToken cancellationToken)
    {
        var company = live.Current;
        var book = await annotations.ReadAsync(company.Annotations, cancellationToken);
        (HasEvents, Boards, Kind) = (book.Annotations.Count > 0, company.Boards, AnnotationNames.TryParseKind(kind));
        Metrics = [.. company.Catalog.Metrics.OrderBy(one => one.Name, StringComparer.Ordinal)];
        Metric = company.Catalog.TryGet(metric ?? "", out var known) ? known.Id : null;
        BoardId = company.FindBoard(board ?? "")?.Id;

        Annotation[] fitting =
        [
            .. book.Annotations.Where(one => (known is null || one.Concerns(company.SubjectOf(known)))
                && (BoardId is null || IsOn(company, company.FindBoard(BoardId)!, one)) && (Kind is null || one.Kind == Kind)).Reverse(),
        ];
        Months =
        [
            .. fitting.Take(MostShown).GroupBy(one => company.Calendar.Containing(Grain.Month, one.Days.Start))
                .Select(month => new MonthOfEvents(company.Calendar.Label(Grain.Month, month.Key), [.. month])),
        ];
        More = Math.Max(0, fitting.Length - MostShown);
        History = await store.NewestAsync(ChangesShown, cancellationToken);
        if (!string.IsNullOrEmpty(changed) && History.FirstOrDefault(change => change.Id == changed) is { } done)
        {
            var before = await store.HistoryAsync(done.Id, cancellationToken);
            Changed = (done.Content?.Title ?? before.FirstOrDefault(change => change.Content is not null)?.Content?.Title ?? done.Id,
                done.Content is null ? "deleted" : before.Count > 1 ? "changed" : "entered");
        }

        return Page();
    }

    private static bool IsOn(CompanyDefinition company, Board board, Annotation one) =>
        one.Boards.Contains(board.Id)
        || board.Tiles.Any(tile => company.Catalog.TryGet(tile.Metric, out var metric) && one.Concerns(company.SubjectOf(metric) with { Filter = tile.Filter }));
}
