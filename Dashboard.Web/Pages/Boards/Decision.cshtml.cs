using System.Globalization;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Narratives;
using Metrics.Core.Periods;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Boards;

/// <summary>Makes a decision of a review, changes it or marks it as done. A page of its own for its permission.</summary>
public sealed class DecisionModel(LiveDefinition live, NarrativeReader narratives, INarrativeStore store, TimeProvider clock) : PageModel
{
    private const string Done = "done";
    private const string Open = "open";
    private const string Withdrawn = "withdrawn";

    public Board Board { get; private set; } = null!;

    /// <summary>The period as addresses spell it.</summary>
    public string Week { get; private set; } = "";

    public string PeriodName { get; private set; } = "";

    /// <summary>The decision that is changed; null for a new one.</summary>
    public Decision? Known { get; private set; }

    public DecisionForm Form { get; private set; } = null!;

    /// <summary>What is wrong with what was entered; null where nothing is.</summary>
    public string? Fault { get; private set; }

    public async Task<IActionResult> OnGetAsync(string id, string? week, string? decision, CancellationToken cancellationToken) =>
        await LookAsync(id, week, decision, cancellationToken) ?? Page();

    public async Task<IActionResult> OnPostAsync(
        string id, [FromForm] string? week, [FromForm] string? decision, [FromForm] string? text, [FromForm] string? responsible,
        [FromForm] string? due, [FromForm] string? state, CancellationToken cancellationToken)
    {
        if (await LookAsync(id, week, decision, cancellationToken) is { } nowhere)
            return nowhere;

        // A button that only changes the state sends nothing else, and what was written stays.
        var isWhole = Known is null || (text is not null && state is null);
        var newest = Known?.Newest;
        var said = isWhole ? text?.Trim().ReplaceLineEndings("\n") ?? "" : newest!.Text;
        var who = isWhole ? responsible?.Trim() ?? "" : newest!.Responsible ?? "";
        var until = isWhole ? DayOf(due) : newest!.Due;
        Fault = said.Length == 0 ? "say what is decided."
            : said.Length > ReviewText.Longest ? FormattableString.Invariant($"the text has {said.Length} characters; {ReviewText.Longest} are enough.")
            : who.Length > ReviewText.LongestName ? FormattableString.Invariant($"the name has {who.Length} characters; {ReviewText.LongestName} are enough.")
            : isWhole && !string.IsNullOrEmpty(due) && until is null ? $"'{due}' is no day; use one such as 2026-11-20."
            : state is not (null or Done or Open or Withdrawn) ? $"'{state}' is no state of a decision."
            : null;
        if (Fault is not null)
        {
            ModelState.Clear();
            Form = Form with { Text = said, Responsible = who, Due = until };
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }

        bool? done = state switch { Done => true, Open => false, Withdrawn => null, _ => newest?.IsDone ?? false };
        await store.AppendAsync(
            new DecisionEntry(
                Known?.Id ?? Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"), Board.Id, Week, said, who.Length == 0 ? null : who, until, done,
                User.Identity!.Name!, clock.GetUtcNow()),
            cancellationToken);
        return Redirect($"/boards/{Board.Id}/review?week={Week}#decisions");
    }

    private static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private async Task<IActionResult?> LookAsync(string id, string? week, string? decision, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (company.FindBoard(id) is not { } board)
            return this.NotFoundBecause($"There is no board '{id}'.");
        if (!company.Calendar.TryParse(board.Grain, week, out var period))
            return this.NotFoundBecause($"'{week}' is no {board.Grain.Name()} of the calendar.");

        (Board, Week, PeriodName) = (board, company.Calendar.Key(board.Grain, period), company.Calendar.Name(board.Grain, period));
        if (!string.IsNullOrEmpty(decision))
        {
            var narrative = await narratives.ReadAsync(board, company.Calendar, period, cancellationToken);
            Known = narrative.Decisions.FirstOrDefault(one => one.Id == decision);
            if (Known is null)
                return this.NotFoundBecause($"The review of {PeriodName} has no such decision.");
        }

        Form = new DecisionForm(board.Id, Week, Known?.Id, Known?.Newest.Text ?? "", Known?.Newest.Responsible ?? "", Known?.Newest.Due);
        return null;
    }
}
