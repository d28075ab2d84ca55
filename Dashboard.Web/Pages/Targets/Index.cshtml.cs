using Dashboard.Web.Access;
using Metrics.Core.Definitions;
using Metrics.Core.Targets;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Targets;

/// <summary>The plan as a table that is changed in place.</summary>
public sealed class IndexModel(GridPages grids, LiveDefinition live, ITargetStore store) : PageModel
{
    private const int MostTold = 5;

    public GridView View { get; private set; } = null!;

    /// <summary>What was saved just now, newest first; empty where nothing was.</summary>
    public IReadOnlyList<PastChange> Saved { get; private set; } = [];

    /// <summary>How many cells were saved just now.</summary>
    public int SavedCells { get; private set; }

    public async Task OnGetAsync([FromQuery] GridAsked asked, int saved, CancellationToken cancellationToken)
    {
        View = await grids.ReadAsync(asked, null, cancellationToken)
            with { CanEdit = User.HasClaim(Policies.Claim, Policies.Operate) };
        if (saved <= 0)
            return;

        SavedCells = saved;
        Saved = PastChange.Of(await store.HistoryAsync(new TargetHistoryQuery(Most: Math.Min(saved, MostTold)), cancellationToken), live.Current);
    }
}
