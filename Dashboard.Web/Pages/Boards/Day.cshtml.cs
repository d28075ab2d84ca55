using Metrics.Core.Definitions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;

namespace Dashboard.Web.Pages.Boards;

/// <summary>Leads to the period of a board that holds a day. A page of its own, because the board's page holds no form.</summary>
public sealed class DayModel(LiveDefinition live, TimeProvider clock) : PageModel
{
    public BoardAddress Address { get; private set; } = null!;

    public DateOnly Day { get; private set; }

    /// <summary>What the board's address holds beside the period.</summary>
    public IReadOnlyList<(string Name, string? Value)> Kept { get; private set; } = [];

    public IActionResult OnGet(string id)
    {
        var company = live.Current;
        if (company.FindBoard(id) is not { } board)
            return this.NotFoundBecause($"There is no board '{id}'.");
        if (!BoardAddress.TryRead(company, board, Request.Query, out var address, out var fault))
            return this.NotFoundBecause(fault);

        Address = address;
        Day = address.Query.Period?.LastDay ?? company.Calendar.Today(clock);
        var others = (address with { Week = null }).Write();
        Kept = others.IndexOf('?', StringComparison.Ordinal) is var begin and >= 0
            ? [.. QueryHelpers.ParseQuery(others[begin..]).SelectMany(pair => pair.Value, (pair, value) => (pair.Key, value))]
            : [];
        return Page();
    }
}
