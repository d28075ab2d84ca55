using Metrics.Core.Alerts;
using Metrics.Core.Definitions;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Alerts;

/// <summary>The rules of the workspace and where their alerts stand.</summary>
public sealed class IndexModel(LiveDefinition live, AlertReader alerts, INotificationChannel channel) : PageModel
{
    /// <summary>What fires or cannot be judged comes first.</summary>
    public IReadOnlyList<RuleSheet> Rules { get; private set; } = [];

    /// <summary>What is missing before a mail can be sent; null where nothing is.</summary>
    public string? Missing { get; private set; }

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var company = live.Current;
        Missing = channel.Missing;
        var rules = await alerts.RulesAsync(company.Alerts, company.People, company.Calendar, company.Catalog, cancellationToken);
        Rules = [.. rules.OrderByDescending(rule => rule.Urgency)];
    }
}
