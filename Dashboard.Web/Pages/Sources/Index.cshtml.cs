using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Models;
using Metrics.Core.Push;
using Metrics.Core.Workspace;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Sources;

/// <summary>Where records come from, and how that is going.</summary>
public sealed class IndexModel(
    LiveDefinition live, SourceStatusReader statuses, IModelStateStore models, IPushInbox inbox, IEnumerable<IConnector> connectors) : PageModel
{
    public IReadOnlyList<SourceStatus> Sources { get; private set; } = [];

    public IReadOnlyList<Fault> Faults { get; private set; } = [];

    /// <summary>The models that could not compute, with the reason.</summary>
    public IReadOnlyDictionary<string, string> ModelFaults { get; private set; } = new Dictionary<string, string>();

    /// <summary>How many pushed lines wait for a rule.</summary>
    public long Waiting { get; private set; }

    public string ConnectorName(string id) => connectors.FirstOrDefault(connector => connector.Id == id)?.Name ?? id;

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var company = live.Current;
        Faults = live.Faults;
        ModelFaults = await models.FaultsAsync(cancellationToken);
        Waiting = await inbox.CountAsync(cancellationToken);
        Sources = await statuses.ReadAsync(company.Sources, company.Calendar, cancellationToken);
    }
}
