using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Findings;
using Metrics.Core.Narratives;
using Metrics.Core.Periods;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Boards;

/// <summary>Answers a finding. A page of its own, because it takes another permission than looking does.</summary>
public sealed class CommentModel(LiveDefinition live, NarrativeReader narratives, INarrativeStore store, TimeProvider clock) : PageModel
{
    public Board Board { get; private set; } = null!;

    /// <summary>The period as addresses spell it.</summary>
    public string Week { get; private set; } = "";

    public string PeriodName { get; private set; } = "";

    /// <summary>What the finding is about, in words.</summary>
    public string Name { get; private set; } = "";

    public Comment? Comment { get; private set; }

    public AnswerForm Form { get; private set; } = null!;

    /// <summary>What is wrong with what was entered; null where nothing is.</summary>
    public string? Fault { get; private set; }

    public async Task<IActionResult> OnGetAsync(string id, string? week, string? finding, CancellationToken cancellationToken) =>
        await LookAsync(id, week, finding, cancellationToken) ?? Page();

    public async Task<IActionResult> OnPostAsync(
        string id, [FromForm] string? week, [FromForm] string? finding, [FromForm] string? stance, [FromForm] string? text,
        [FromForm] bool takeBack, [FromForm] string[]? segment, CancellationToken cancellationToken)
    {
        if (await LookAsync(id, week, finding, cancellationToken) is { } nowhere)
            return nowhere;

        // Browsers send two signs for the end of a line, and count one.
        var said = text?.Trim().ReplaceLineEndings("\n") ?? "";
        var known = Enum.TryParse<Stance>(stance, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) && !char.IsAsciiDigit(stance![0]);
        Fault = takeBack ? null
            : !known ? "choose one of the answers."
            : said.Length > ReviewText.Longest ? FormattableString.Invariant($"the text has {said.Length} characters; {ReviewText.Longest} are enough.")
            : parsed == Stance.Explained && said.Length == 0 ? "say in a few words what explains it."
            : parsed == Stance.Done && !Form.Closing ? "only what was left open can be closed without an answer."
            : null;
        if (Fault is not null)
        {
            ModelState.Clear();
            Form = Form with { Stance = known ? parsed : Form.Stance, Text = said };
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }

        await store.AppendAsync(
            new CommentEntry(Board.Id, Week, finding!, takeBack ? null : parsed, takeBack ? "" : said, User.Identity!.Name!, clock.GetUtcNow()),
            cancellationToken);
        var narrowed = string.Concat((segment ?? []).Select(one => $"&segment={Uri.EscapeDataString(one)}"));
        return Redirect($"/boards/{Board.Id}/review?week={Week}{narrowed}#{FindingLook.AnchorOf(finding!)}");
    }

    private async Task<IActionResult?> LookAsync(string id, string? week, string? finding, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (company.FindBoard(id) is not { } board)
            return this.NotFoundBecause($"There is no board '{id}'.");
        if (!company.Calendar.TryParse(board.Grain, week, out var period))
            return this.NotFoundBecause($"'{week}' is no {board.Grain.Name()} of the calendar.");
        if (FindingKey.Parse(finding) is not { } key || !company.Catalog.TryGet(key.Metric, out _))
            return this.NotFoundBecause("There is no such finding.");

        (Board, Week, PeriodName) = (board, company.Calendar.Key(board.Grain, period), company.Calendar.Name(board.Grain, period));
        Name = FindingLook.NameOf(key.Text, company.Catalog);
        var narrative = await narratives.ReadAsync(board, company.Calendar, period, cancellationToken);
        Comment = narrative.CommentOn(key.Text);
        Form = new AnswerForm(board.Id, Week, key.Text, "a", Comment?.Stance, Comment?.Text ?? "", narrative.OpenItemOf(key.Text) is not null);
        return null;
    }
}
