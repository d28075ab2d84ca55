using Metrics.Core.Alerts;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Storage;
using Microsoft.Extensions.Logging;

namespace Ingestion.Worker.Jobs;

/// <summary>
/// Judges the periods of the workspace's rules that are complete and not judged yet. Safe to run twice and to be cut short.
/// </summary>
public sealed partial class EvaluateAlerts(
    LiveDefinition live, AlertEvaluator evaluator, IAlertStore store, IWorkLock locks, TimeProvider clock, ILogger<EvaluateAlerts> log)
{
    private const string Lock = "_alerts";

    /// <summary>
    /// Evaluates every rule now, unless another process is at it; whether anything changed its state. A rule that cannot be read leaves the
    /// others alone.
    /// </summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await using var taken = await locks.TryTakeAsync(Lock, cancellationToken);
        if (taken is null)
            return false;

        var company = live.Current;
        var changed = false;
        foreach (var rule in company.Alerts)
        {
            try
            {
                var outcome = await EvaluateAsync(company, rule, clock.GetUtcNow(), isDryRun: false, cancellationToken);
                changed |= outcome.Transitions.Count > 0;
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                LogFailed(rule.Id, StorageFault.Describe(fault) ?? fault.Message, fault);
            }
        }

        return changed;
    }

    /// <summary>Evaluates some rules on the periods that were over at a moment; waits while another process is at it.</summary>
    /// <param name="isDryRun">Stores nothing.</param>
    public async Task<IReadOnlyList<RuleOutcome>> RunAsync(
        IReadOnlyList<AlertRule> rules, DateTimeOffset moment, bool isDryRun, CancellationToken cancellationToken)
    {
        await using var taken = await locks.TakeAsync(Lock, cancellationToken);
        var company = live.Current;
        var outcomes = new List<RuleOutcome>();
        foreach (var rule in rules)
            outcomes.Add(await EvaluateAsync(company, rule, moment, isDryRun, cancellationToken));
        return outcomes;
    }

    private async Task<RuleOutcome> EvaluateAsync(
        CompanyDefinition company, AlertRule rule, DateTimeOffset moment, bool isDryRun, CancellationToken cancellationToken)
    {
        var known = await store.InstancesAsync(rule.Id, cancellationToken);
        var outcome = await evaluator.EvaluateAsync(rule, known, company.Calendar, company.Catalog, moment, cancellationToken);
        if (!isDryRun && outcome.Record is { } record)
            await store.RecordAsync(record, cancellationToken);
        return outcome;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Alert {Rule} could not be evaluated: {Reason}")]
    private partial void LogFailed(string rule, string reason, Exception fault);
}
