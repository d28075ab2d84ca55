using Metrics.Core.Catalog;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Targets;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Targets;

/// <summary>Saves the changed cells of the grid, or says how they are understood. A page of its own, because it takes another permission than looking does.</summary>
/// <remarks>
/// Nothing is saved while a cell cannot be read. A cell that somebody else has changed since the page was made is not overwritten; it comes back
/// with what counts now, and saving again replaces that knowingly.
/// </remarks>
[RequestFormLimits(ValueCountLimit = MostFields)]
public sealed class SaveModel(GridPages grids, LiveDefinition live, TargetReader targets, ITargetStore store, TimeProvider clock) : PageModel
{
    // Without scripts a browser sends every cell: two hundred rows of weeks.
    private const int MostFields = 20_000;
    private const int MostFaults = 12;
    private const string Check = "check";

    public GridView View { get; private set; } = null!;

    public string Message { get; private set; } = "";

    /// <summary>What is wrong, by metric and period.</summary>
    public IReadOnlyList<(string Where, string Fault)> Faults { get; private set; } = [];

    public IActionResult OnGet() => Redirect("/targets");

    public async Task<IActionResult> OnPostAsync([FromForm] GridAsked asked, string? note, string? act, CancellationToken cancellationToken)
    {
        var company = live.Current;
        var form = await Request.ReadFormAsync(cancellationToken);
        var sent = GridForm.ChangedCells(form, company.Catalog, company.Calendar.Settings);
        var version = TargetEntry.IsVersion(asked.Version) ? asked.Version! : Target.DefaultVersion;
        var why = note?.Trim() is { Length: > 0 } given ? given[..Math.Min(given.Length, TargetEntry.LongestNote)] : null;
        var book = await targets.ReadAsync(company.Calendar, company.Catalog, company.Targets, cancellationToken);
        var cells = sent.Select(cell => Read(cell, company, book, version, asked.Grain ?? "", why)).ToArray();
        var isWrong = cells.Any(cell => cell.Answer.Fault is not null && cell.Conflict is null);
        var changes = cells.Where(cell => cell.Change is not null).ToArray();

        if (act == Check && Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal))
            return new JsonResult(cells.Select(cell => new { name = cell.Sent.Name, understood = cell.Answer.Understood, fault = cell.Answer.Fault }));

        if (act != Check && !isWrong)
        {
            var refused = await store.AppendAsync(
                [.. changes.Where(cell => cell.Conflict is null).Select(cell => new CheckedChange(cell.Change!, GridForm.SetAtOf(cell.Sent.Seen)))], cancellationToken);
            var left = cells.Where(cell => cell.Conflict is not null || (cell.Change is { } change && refused.Contains(change))).ToArray();
            var saved = changes.Count(cell => cell.Conflict is null) - refused.Count;
            if (left.Length == 0)
            {
                View = await LookAsync(asked, form, [], why, cancellationToken);
                return Redirect(View.Address(View.Asked with { Copy = null }) + (saved > 0 ? $"&saved={saved}" : ""));
            }

            // Read again: what somebody else wrote at the very same moment was not in the book yet.
            book = await targets.ReadAsync(company.Calendar, company.Catalog, company.Targets, cancellationToken);
            left = [.. left.Select(cell => Read(cell.Sent, company, book, version, asked.Grain ?? "", why))];
            Message = $"{(saved == 0 ? "Nothing" : saved == 1 ? "1 target" : $"{saved} targets")} saved. "
                + $"{(left.Length == 1 ? "1 cell was" : $"{left.Length} cells were")} changed by somebody else in between and not overwritten; save again to replace that.";
            return await AnswerAsync(asked, form, left, why, StatusCodes.Status409Conflict, cancellationToken);
        }

        var understood = changes.Length == 1 ? "1 change" : $"{changes.Length} changes";
        Message = isWrong ? $"Nothing saved: {cells.Count(cell => cell.Answer.Fault is not null)} of {cells.Length} changed cells cannot be saved."
            : cells.Length == 0 ? "Nothing is changed." : $"{understood} understood as the cells say; nothing is saved yet.";
        return await AnswerAsync(asked, form, cells, why, isWrong ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK, cancellationToken);
    }

    private async Task<IActionResult> AnswerAsync(
        GridAsked asked, IFormCollection form, IReadOnlyList<ReadCell> cells, string? note, int status, CancellationToken cancellationToken)
    {
        View = await LookAsync(asked, form, cells, note, cancellationToken);
        Faults =
        [
            .. cells.Where(cell => cell.Answer.Fault is not null).Take(MostFaults)
                .Select(cell => ($"{cell.Sent.Metric.Name}{(cell.Sent.Segment.IsTotal ? "" : $" · {cell.Sent.Segment}")}, {cell.Sent.Period}", cell.Answer.Fault!)),
        ];
        Response.StatusCode = status;
        return Page();
    }

    private async Task<GridView> LookAsync(
        GridAsked asked, IFormCollection form, IReadOnlyList<ReadCell> cells, string? note, CancellationToken cancellationToken)
    {
        var rows = GridForm.RowsOf(form, live.Current.Catalog);
        var view = await grids.ReadAsync(asked with { Copy = null }, [.. rows.Values], cancellationToken);

        // The page numbers its rows anew.
        var numbers = rows.Keys.Select((number, i) => (number, i)).ToDictionary(pair => pair.number, pair => pair.i);
        return view with
        {
            CanEdit = true,
            Note = note,
            Answers = cells.ToDictionary(cell => GridForm.NameOf(numbers[cell.Sent.Name.Split('.')[1]], cell.Sent.Period), cell => cell.Answer),
        };
    }

    private ReadCell Read(SentCell sent, CompanyDefinition company, TargetBook book, string version, string grainName, string? note)
    {
        var (calendar, format) = (company.Calendar, new ValueFormat(sent.Metric.Unit, company.Calendar.Settings.Currency));
        if (GrainNames.TryParse(grainName) is not { } grain || !calendar.TryParse(grain, sent.Period, out var period))
            return Wrong($"'{sent.Period}' is no {grainName} of the calendar.");

        decimal? value = null;
        if (sent.Text.Length > 0)
        {
            (value, var fault) = TypedNumber.Read(sent.Text, sent.Metric, calendar.Settings);
            if (value is null)
                return Wrong(fault!);
        }

        var own = book.PlanOf(calendar, company.Catalog, sent.Metric, version, sent.Segment)?.Own(period);
        var understood = value is { } read ? format.Exact(read) : "withdrawn, what the file says counts again";
        if (own?.Value == value && (value is not null || own is null))
            return new ReadCell(sent, null, new CellAnswer(sent.Text, value is null ? null : understood, null), null);
        if (GridForm.StampOf(own) != sent.Seen)
        {
            var now = own is null ? "Withdrawn meanwhile"
                : $"Meanwhile {format.Exact(own.Value)}{(own.Edit is { } edit ? $" by {edit.By}" : "")}";
            return new ReadCell(sent, null, new CellAnswer(sent.Text, understood, now + "; save again to replace it."), now);
        }

        if (value is null && own is { Edit: null })
            return Wrong($"{own.File}:{own.Line} says {format.Exact(own.Value)}; take it out there, or write another value over it.");

        var change = new TargetChange(
            sent.Metric.Id, version, grain, calendar.Key(grain, period), sent.Segment, value, note, User.Identity!.Name!, clock.GetUtcNow());
        return new ReadCell(sent, change, new CellAnswer(sent.Text, understood, null), null);

        ReadCell Wrong(string fault) => new(sent, null, new CellAnswer(sent.Text, null, fault), null);
    }

    /// <summary>A cell with what it asks for.</summary>
    /// <param name="Change">What to save; null where nothing is to be, or can be.</param>
    /// <param name="Conflict">What somebody else made of it in between; null where nobody did.</param>
    private sealed record ReadCell(SentCell Sent, TargetChange? Change, CellAnswer Answer, string? Conflict);
}
