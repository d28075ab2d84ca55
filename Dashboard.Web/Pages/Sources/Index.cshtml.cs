using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Models;
using Metrics.Core.Push;
using Metrics.Core.Series;
using Metrics.Core.Workspace;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Dashboard.Web.Pages.Sources;

/// <summary>Where records come from, and how that is going.</summary>
public sealed class IndexModel(
    LiveDefinition live, SourceStatusReader statuses, IModelStateStore models, IPushInbox inbox, IQuarantine quarantine,
    IEnumerable<IConnector> connectors) : PageModel
{
    private const int ShownLines = 10;

    public IReadOnlyList<SourceStatus> Sources { get; private set; } = [];

    public IReadOnlyList<Fault> Faults { get; private set; } = [];

    /// <summary>The models that could not compute, with the reason.</summary>
    public IReadOnlyDictionary<string, string> ModelFaults { get; private set; } = new Dictionary<string, string>();

    /// <summary>What models say of rows that were read, those left out first.</summary>
    public IReadOnlyList<DataWarning> Warnings { get; private set; } = [];

    /// <summary>How many pushed lines wait for a rule.</summary>
    public long Waiting { get; private set; }

    /// <summary>The newest lines that the series server did not take.</summary>
    public IReadOnlyList<QuarantinedLine> Quarantined { get; private set; } = [];

    public long QuarantinedCount { get; private set; }

    public string ConnectorName(string id) => connectors.FirstOrDefault(connector => connector.Id == id)?.Name ?? id;

    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var company = live.Current;
        Faults = live.Faults;
        ModelFaults = await models.FaultsAsync(cancellationToken);
        Warnings = [.. (await models.WarningsAsync(cancellationToken)).OrderBy(warning => !warning.LeftOut)];
        (Quarantined, QuarantinedCount) = await quarantine.ReadAsync(ShownLines, cancellationToken);
        Waiting = await inbox.CountAsync(cancellationToken);
        Sources = await statuses.ReadAsync(company.Sources, company.Calendar, cancellationToken);
    }
}
