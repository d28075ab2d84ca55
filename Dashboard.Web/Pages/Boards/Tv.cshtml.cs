using System.Globalization;
using Metrics.Core.Boards;
using Metrics.Core.Definitions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Boards;

/// <summary>
/// A board on a screen on the wall: at most eight tiles at a time, one screen after the other, also over several boards
/// (<c>boards=weekly,growth</c>). Nothing to point at, and no form.
/// </summary>
public sealed class TvModel(LiveDefinition live, BoardSnapshots snapshots, TimeProvider clock) : PageModel
{
    public const int MostTiles = 8;

    private const int ShortestRotation = 5;
    private const int LongestRotation = 3600;

    // Two pixels an hour, back and forth over a day: too slow to be seen, enough that no edge burns in.
    private const int Shifts = 8;

    public BoardSnapshot Board { get; private set; } = null!;

    public string? HeldBecause { get; private set; }

    /// <summary>The tiles of this screen.</summary>
    public IReadOnlyList<TileSnapshot> Tiles { get; private set; } = [];

    /// <summary>Seconds until the next screen.</summary>
    public int Rotate { get; private set; } = 30;

    /// <summary>Which screen this is, and of how many; counted from 1.</summary>
    public (int Number, int Of) Screen { get; private set; }

    /// <summary>The address of the next screen; of this one, computed anew, where there is no other.</summary>
    public string Next { get; private set; } = "";

    /// <summary>The address of the board that people can use.</summary>
    public string Usual { get; private set; } = "";

    public DateTime Now { get; private set; }

    /// <summary>By how many steps the picture is moved.</summary>
    public int Shift { get; private set; }

    public async Task<IActionResult> OnGetAsync(string id, string? rotate, string? boards, string? screen, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (!string.IsNullOrEmpty(rotate))
        {
            if (!int.TryParse(rotate, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is < ShortestRotation or > LongestRotation)
                return this.NotFoundBecause($"'{rotate}' is no rotation. Use seconds, from {ShortestRotation} to {LongestRotation}.");
            Rotate = seconds;
        }

        string[] ids = string.IsNullOrEmpty(boards) ? [id] : boards.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var shown = new List<Board>();
        foreach (var one in ids)
        {
            if (company.FindBoard(one) is not { } board)
                return this.NotFoundBecause($"There is no board '{one}'.");
            shown.Add(board);
        }

        if (company.FindBoard(id) is not { } first)
            return this.NotFoundBecause($"There is no board '{id}'.");
        if (!BoardAddress.TryRead(company, first, Request.Query, out var address, out var fault))
            return this.NotFoundBecause(fault);

        (Board Board, int Part, int Of)[] screens = [.. shown.SelectMany(board => Parts(board).Select(part => (board, part.Part, part.Of)))];
        var asked = int.TryParse(screen, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 ? number : 1;
        var at = (asked - 1) % screens.Length;
        var (current, partShown, parts) = screens[at];
        var look = current.Id == first.Id ? address : address.On(current, company.Catalog);
        var query = look.Query with { Comparison = look.Comparison, Segment = look.Segment };
        var snapshot = await snapshots.ReadAsync(current, company.Calendar, company.Catalog, company.Targets, query, cancellationToken);
        (Board, HeldBecause, Screen) = (snapshot.Snapshot, snapshot.HeldBecause, (at + 1, screens.Length));
        TileSnapshot[] tiles = [.. Board.Tiles];
        var size = (tiles.Length + parts - 1) / parts;
        Tiles = [.. tiles.Skip(partShown * size).Take(size)];
        Next = (address with { View = BoardView.Cards }).Write(
            "/tv", ("rotate", string.IsNullOrEmpty(rotate) ? null : rotate), ("boards", string.IsNullOrEmpty(boards) ? null : boards),
            ("screen", at + 1 == screens.Length ? null : (at + 2).ToString(CultureInfo.InvariantCulture)));
        Usual = look.Write();
        var now = clock.GetUtcNow();
        Now = company.Calendar.LocalTimeOf(now);
        var hour = (int)(now.ToUnixTimeSeconds() / 3600 % (2 * Shifts));
        Shift = hour < Shifts ? hour : 2 * Shifts - 1 - hour;
        return Page();
    }

    private static IEnumerable<(int Part, int Of)> Parts(Board board)
    {
        var parts = Math.Max(1, (board.Tiles.Count() + MostTiles - 1) / MostTiles);
        return Enumerable.Range(0, parts).Select(part => (part, parts));
    }
}
