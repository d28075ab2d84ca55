using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Boards;

/// <summary>A board; without an id the default one.</summary>
public sealed class BoardModel(LiveDefinition live, BoardSnapshots snapshots, BoardDimensions dimensions) : PageModel
{
    public IReadOnlyList<Board> Boards { get; private set; } = [];

    /// <summary>Null where the workspace has no board.</summary>
    public BoardPage? Shown { get; private set; }

    /// <summary>Why the board is shown as it was; null where it is what the store says now.</summary>
    public string? HeldBecause { get; private set; }

    public bool HasSources { get; private set; }

    /// <summary>The address of another board, looked at in the same way.</summary>
    public string AddressOf(Board other) => Shown!.Address.On(other, live.Current.Catalog).Write();

    public async Task<IActionResult> OnGetAsync(string? id, CancellationToken cancellationToken)
    {
        var company = live.Current;
        (Boards, HasSources) = ([.. company.Boards.OrderBy(one => one.Id != BoardAddress.DefaultBoard)], company.Sources.Count > 0);
        if (BoardOf(company, id) is not { } board)
            return id is null ? Page() : this.NotFoundBecause($"There is no board '{id}'.");
        if (!BoardAddress.TryRead(company, board, Request.Query, out var address, out var fault))
            return this.NotFoundBecause(fault);

        var shown = await snapshots.ReadAsync(board, company.Calendar, company.Catalog, company.Targets, address.Query, cancellationToken);
        HeldBecause = shown.HeldBecause;
        Shown = new BoardPage(
            shown.Snapshot, address, BoardAddress.StepsOf(board, company.Catalog), await dimensions.ReadAsync(board, company.Catalog, cancellationToken));
        return Page();
    }

    /// <summary>The board that an address without or with an id means; null where there is none.</summary>
    internal static Board? BoardOf(CompanyDefinition company, string? id) =>
        company.FindBoard(id ?? BoardAddress.DefaultBoard) ?? (id is null && company.Boards.Count > 0 ? company.Boards[0] : null);
}
