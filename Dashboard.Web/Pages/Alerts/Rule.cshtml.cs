using Metrics.Core.Alerts;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Alerts;

/// <summary>One rule: where its alerts stand, everything that was evaluated, and what was sent to whom.</summary>
public sealed class RuleModel(LiveDefinition live, AlertReader alerts, IAlertStore store) : PageModel
{
    private const int EvaluationsOfEach = 104;

    public RuleSheet Sheet { get; private set; } = null!;

    /// <summary>The evaluation log, newest first.</summary>
    public IReadOnlyList<LoggedEvaluation> Log { get; private set; } = [];

    public ReportingCalendar Calendar { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string id, CancellationToken cancellationToken)
    {
        var company = live.Current;
        if (company.FindAlert(id) is not { } rule)
            return this.NotFoundBecause($"There is no alert rule '{id}'.");

        Calendar = company.Calendar;
        Sheet = (await alerts.RulesAsync([rule], company.People, company.Calendar, company.Catalog, cancellationToken))[0];
        Log = [.. (await store.EvaluationsAsync(rule.Id, EvaluationsOfEach, cancellationToken)).OrderByDescending(one => one.At).ThenByDescending(one => one.Period.Start)];
        return Page();
    }
}
