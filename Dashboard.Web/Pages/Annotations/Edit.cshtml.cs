using System.Globalization;
using Dashboard.Web.Pages.Targets;
using Metrics.Core.Annotations;
using Metrics.Core.Boards;
using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Annotations;

/// <summary>What the form of an event says.</summary>
public sealed record EventInput
{
    /// <summary>Empty for a new one.</summary>
    public string? Id { get; init; }

    /// <summary>The version that the form was filled with; 0 for a new one.</summary>
    public long Version { get; init; }

    public string? Title { get; init; }

    public string? First { get; init; }

    public string? Last { get; init; }

    public string? Kind { get; init; }

    public string? Text { get; init; }

    public string? Link { get; init; }

    public string? Segment { get; init; }

    public List<string> Metrics { get; init; } = [];

    public List<string> Boards { get; init; } = [];

    internal static EventInput Of(Annotation one) => new()
    {
        Id = one.Id,
        Version = one.Edit?.Version ?? 0,
        Title = one.Title,
        First = one.Days.Start.ToString("O", CultureInfo.InvariantCulture),
        Last = one.Days.Days == 1 ? "" : one.Days.LastDay.ToString("O", CultureInfo.InvariantCulture),
        Kind = one.Kind.Name(),
        Text = one.Text,
        Link = one.Link?.AbsoluteUri,
        Segment = TargetAddress.SegmentText(one.Segment),
        Metrics = [.. one.Metrics],
        Boards = [.. one.Boards],
    };

    /// <summary>The event that is meant, or what is wrong with it; exactly one of the two is null.</summary>
    internal (Annotation? Annotation, string? Fault) Read(string id, CompanyDefinition company)
    {
        if (TargetAddress.ParseSegment(Segment ?? "") is not { } segment)
            return (null, $"'{Segment}' is no segment; write one such as region=EU, each dimension once.");

        // Browsers send two signs for the end of a line, and count one.
        var (annotation, fault) = new AnnotationEntry
        {
            Title = Title?.Trim() ?? "",
            First = First ?? "",
            Last = Last ?? "",
            Kind = Kind ?? "",
            Text = Text?.Trim().ReplaceLineEndings("\n") ?? "",
            Link = Link?.Trim() ?? "",
            Metrics = Metrics,
            Boards = Boards,
            Segment = segment,
        }.Read(id, company.Catalog, company.Boards.Select(board => board.Id).ToHashSet());
        return (annotation, fault?.Message);
    }
}

/// <summary>Enters or changes an event. A page of its own, because it takes another permission than looking does.</summary>
public sealed class EditModel(LiveDefinition live, AnnotationReader annotations, IAnnotationStore store, TimeProvider clock) : PageModel
{
    public EventInput Input { get; private set; } = new();

    /// <summary>What is wrong with what was entered; null where nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>The event that is changed; null for a new one.</summary>
    public Annotation? InForce { get; private set; }

    public IReadOnlyList<AnnotationChange> History { get; private set; } = [];

    /// <summary>All that there are, those that are chosen first.</summary>
    public IReadOnlyList<Metric> Metrics { get; private set; } = [];

    public IReadOnlyList<Board> Boards { get; private set; } = [];

    /// <summary>Where whoever does not save goes back to.</summary>
    public string Back { get; private set; } = "/annotations";

    public async Task<IActionResult> OnGetAsync(string? id, string? metric, string? day, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(id))
        {
            if (await FindAsync(id, cancellationToken) is not { } one)
                return this.NotFoundBecause($"There is no event '{id}'.");
            if (one.Edit is null)
                return this.NotFoundBecause(FormattableString.Invariant($"The event '{id}' is from {one.File}:{one.Line}; change it there."));
            await LookAsync(EventInput.Of(one), cancellationToken);
            return Page();
        }

        var company = live.Current;
        var known = company.Catalog.TryGet(metric ?? "", out var found) ? found.Id : null;
        var first = company.Calendar.TryParse(Grain.Day, day, out var named) ? named.Start : company.Calendar.Today(clock);
        await LookAsync(
            new EventInput { First = first.ToString("O", CultureInfo.InvariantCulture), Metrics = known is null ? [] : [known] }, cancellationToken);
        if (known is not null)
            Back = $"/metrics/{known}";
        return Page();
    }

    public async Task<IActionResult> OnPostAsync([FromForm] EventInput input, CancellationToken cancellationToken)
    {
        var isNew = string.IsNullOrEmpty(input.Id);
        var id = isNew ? Guid.CreateVersion7(clock.GetUtcNow()).ToString("N") : input.Id!;
        if (!isNew && await FindAsync(id, cancellationToken) is not { Edit: not null })
            return this.NotFoundBecause($"There is no event '{id}' that was entered here.");

        var (annotation, fault) = input.Read(id, live.Current);
        if (annotation is null)
            return await RefuseAsync(input, fault!, StatusCodes.Status422UnprocessableEntity, cancellationToken);

        var change = new AnnotationChange(id, annotation, AnnotationOrigin.Page, User.Identity!.Name!, clock.GetUtcNow());
        if (await store.AppendAsync(change, input.Version, cancellationToken) is null)
        {
            const string meanwhile = "somebody else changed it meanwhile. What you wrote is below; saving again takes its place.";
            var newest = (await FindAsync(id, cancellationToken))?.Edit?.Version ?? 0;
            return await RefuseAsync(input with { Version = newest }, meanwhile, StatusCodes.Status409Conflict, cancellationToken);
        }

        return Redirect($"/annotations?changed={id}#event-{id}");
    }

    private async Task<IActionResult> RefuseAsync(EventInput input, string fault, int status, CancellationToken cancellationToken)
    {
        // The form shows what was entered, and the version that it is about.
        ModelState.Clear();
        Fault = fault;
        Response.StatusCode = status;
        await LookAsync(input, cancellationToken);
        return Page();
    }

    private async Task<Annotation?> FindAsync(string id, CancellationToken cancellationToken) =>
        (await annotations.ReadAsync(live.Current.Annotations, cancellationToken)).Find(id);

    private async Task LookAsync(EventInput input, CancellationToken cancellationToken)
    {
        (Input, Boards) = (input, live.Current.Boards);
        Metrics = [.. live.Current.Catalog.Metrics.OrderBy(metric => !input.Metrics.Contains(metric.Id)).ThenBy(metric => metric.Name, StringComparer.Ordinal)];
        if (!string.IsNullOrEmpty(input.Id))
        {
            InForce = await FindAsync(input.Id, cancellationToken);
            History = await store.HistoryAsync(input.Id, cancellationToken);
        }
    }
}
