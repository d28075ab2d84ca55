using Dashboard.Web.Access;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Narratives;
using Metrics.Core.Series;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Boards;

/// <summary>What the form of an answer begins with.</summary>
/// <param name="Prefix">What the ids of its fields begin with: several stand on one page.</param>
/// <param name="Closing">Whether the question may be closed without an answer.</param>
public sealed record AnswerForm(string Board, string Week, string Finding, string Prefix, Stance? Stance, string Text, bool Closing = false)
{
    /// <summary>The segment of the review that it stands on, and leads back to.</summary>
    public Segment Segment { get; init; } = Segment.Total;
}

/// <summary>What the form of a decision begins with.</summary>
/// <param name="Decision">Null for a new one.</param>
public sealed record DecisionForm(string Board, string Week, string? Decision, string Text, string Responsible, DateOnly? Due);

/// <summary>The meeting about a board and a period: what needs an answer, what was left open, what is decided.</summary>
public sealed class ReviewModel(LiveDefinition live, BoardSnapshots snapshots, IAuthorizationService authorization, TimeProvider clock) : PageModel
{
    public BoardSnapshot Board { get; private set; } = null!;

    /// <summary>Why the figures may be out of date; null where they are what the store says now.</summary>
    public string? HeldBecause { get; private set; }

    /// <summary>The board that is reviewed, as it is looked at.</summary>
    public BoardAddress Address { get; private set; } = null!;

    /// <summary>Whether it is looked at by the board's own grain: by another one there is nothing to answer.</summary>
    public bool IsOwnGrain { get; private set; }

    /// <summary>Whether whoever looks may answer and decide.</summary>
    public bool MayWrite { get; private set; }

    public DateOnly Today { get; private set; }

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (company.FindBoard(id) is not { } board)
            return this.NotFoundBecause($"There is no board '{id}'.");

        if (!BoardAddress.TryRead(company, board, Request.Query, out var address, out var fault))
            return this.NotFoundBecause(fault);

        var query = address.Query with { Comparison = BoardComparison.Previous };
        var shown = await snapshots.ReadAsync(board, company.Calendar, company.Catalog, company.Targets, query, cancellationToken);
        (Board, HeldBecause, Today) = (shown.Snapshot, shown.HeldBecause, company.Calendar.Today(clock));
        Address = address with { Week = Board.Key, View = BoardView.Cards, Comparison = BoardComparison.Previous };
        IsOwnGrain = address.Grain == board.Grain;
        MayWrite = IsOwnGrain && (await authorization.AuthorizeAsync(User, Policies.Operate)).Succeeded;
        return Page();
    }
}
