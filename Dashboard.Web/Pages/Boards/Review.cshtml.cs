using Dashboard.Web.Access;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Narratives;
using Metrics.Core.Periods;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Boards;

/// <summary>What the form of an answer begins with.</summary>
/// <param name="Prefix">What the ids of its fields begin with: several stand on one page.</param>
/// <param name="Closing">Whether the question may be closed without an answer.</param>
public sealed record AnswerForm(string Board, string Week, string Finding, string Prefix, Stance? Stance, string Text, bool Closing = false);

/// <summary>What the form of a decision begins with.</summary>
/// <param name="Decision">Null for a new one.</param>
public sealed record DecisionForm(string Board, string Week, string? Decision, string Text, string Responsible, DateOnly? Due);

/// <summary>The meeting about a board and a period: what needs an answer, what was left open, what is decided.</summary>
public sealed class ReviewModel(LiveDefinition live, BoardSnapshots snapshots, IAuthorizationService authorization, TimeProvider clock) : PageModel
{
    public BoardSnapshot Board { get; private set; } = null!;

    /// <summary>Why the figures may be out of date; null where they are what the store says now.</summary>
    public string? HeldBecause { get; private set; }

    /// <summary>Whether whoever looks may answer and decide.</summary>
    public bool MayWrite { get; private set; }

    public DateOnly Today { get; private set; }

    public async Task<IActionResult> OnGetAsync(string id, string? week, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (company.FindBoard(id) is not { } board)
            return this.NotFoundBecause($"There is no board '{id}'.");

        Period? period = null;
        if (!string.IsNullOrEmpty(week) && !company.Calendar.TryParse(board.Grain, week, out period))
            return this.NotFoundBecause($"'{week}' is no {board.Grain.Name()} of the calendar.");

        var shown = await snapshots.ReadAsync(board, company.Calendar, company.Catalog, company.Targets, new BoardQuery { Period = period }, cancellationToken);
        (Board, HeldBecause, Today) = (shown.Snapshot, shown.HeldBecause, company.Calendar.Today(clock));
        MayWrite = (await authorization.AuthorizeAsync(User, Policies.Operate)).Succeeded;
        return Page();
    }
}
