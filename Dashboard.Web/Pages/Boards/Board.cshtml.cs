using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Boards;

/// <summary>A board; without an id the default one.</summary>
public sealed class BoardModel(LiveDefinition live, BoardSnapshots snapshots) : PageModel
{
    private const string DefaultBoard = "weekly";

    public IReadOnlyList<Board> Boards { get; private set; } = [];

    /// <summary>Null where the workspace has no board.</summary>
    public BoardSnapshot? Board { get; private set; }

    /// <summary>Why the board is shown as it was; null where it is what the store says now.</summary>
    public string? HeldBecause { get; private set; }

    public bool HasSources { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? id, string? week, CancellationToken cancellationToken)
    {
        var company = live.Current;
        (Boards, HasSources) = ([.. company.Boards.OrderBy(one => one.Id != DefaultBoard)], company.Sources.Count > 0);
        var board = company.FindBoard(id ?? DefaultBoard) ?? (id is null && company.Boards.Count > 0 ? company.Boards[0] : null);
        if (board is null)
            return id is null ? Page() : this.NotFoundBecause($"There is no board '{id}'.");

        Period? period = null;
        if (!string.IsNullOrEmpty(week) && !company.Calendar.TryParse(board.Grain, week, out period))
        {
            var example = company.Calendar.Key(board.Grain, company.Calendar.Containing(board.Grain, new DateOnly(2026, 11, 9)));
            return this.NotFoundBecause($"'{week}' is no {board.Grain.Name()} of the calendar. Use one such as {example}, or a date.");
        }

        var shown = await snapshots.ReadAsync(board, company.Calendar, company.Catalog, company.Targets, period, cancellationToken);
        (Board, HeldBecause) = (shown.Snapshot, shown.HeldBecause);
        return Page();
    }
}
