using System.CommandLine;
using System.Globalization;
using Ingestion.Worker.Channels.Email;
using Ingestion.Worker.Jobs;
using Metrics.Core.Alerts;
using Metrics.Core.Definitions;
using Metrics.Core.Series;
using Metrics.Core.Workspace;
using Microsoft.Extensions.DependencyInjection;

namespace Ingestion.Worker.Commands;

/// <summary><c>kpi evaluate</c>: judges the periods that are complete and not judged yet, and sends what there is to tell.</summary>
internal static class EvaluateVerb
{
    public static Command Create()
    {
        var at = new Option<string?>("--at") { Description = "Only periods that ended on this day or before. Default: all that are over." };
        var ruleId = new Option<string?>("--rule") { Description = "Only this rule." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Shows what would change; stores and sends nothing." };
        var verb = new Command("evaluate", "Evaluates alert rules, prints changes of state, and sends what waits.") { at, ruleId, dryRun };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var day = DateOption.Read(parsed, at);
            await using var services = KpiCommand.Services(parsed);
            var live = services.GetRequiredService<LiveDefinition>();
            var company = live.Current;
            Faults.Print(live.Faults);

            IReadOnlyList<AlertRule> rules = company.Alerts;
            if (parsed.GetValue(ruleId) is { } id)
            {
                if (company.FindAlert(id) is not { } one)
                    return UnknownRule(company, id);
                rules = [one];
            }

            var isDryRun = parsed.GetValue(dryRun);
            var outcomes = await services.GetRequiredService<EvaluateAlerts>()
                .RunAsync(rules, MomentOf(company, day), isDryRun, cancellationToken);
            Print(company, outcomes);
            var code = live.Faults.Any(IsOfRules) ? ExitCode.InputAtFault : ExitCode.Done;
            return isDryRun ? code : Math.Max(code, await DeliverAsync(services, company, outcomes, cancellationToken));
        });
        return verb;
    }

    /// <summary>When the day is over; never later than now, because periods that are not over are not judged.</summary>
    private static DateTimeOffset MomentOf(CompanyDefinition company, DateOnly? day)
    {
        var now = TimeProvider.System.GetUtcNow();
        return day is { } last && company.Calendar.StartOf(last.AddDays(1)) is var moment && moment < now ? moment : now;
    }

    private static void Print(CompanyDefinition company, IReadOnlyList<RuleOutcome> outcomes)
    {
        foreach (var (rule, transition) in outcomes.SelectMany(outcome =>
            outcome.Transitions.Select(transition => (outcome.Rule, transition))))
        {
            Console.Out.WriteLine(
                $"{rule.Id}{Name(transition.Segment)}: {Name(transition.From)} → {Name(transition.To)}, "
                + $"{company.Calendar.ShortLabel(rule.Grain, transition.Period)}: {transition.Sentence}");
        }

        if (outcomes.All(outcome => outcome.Transitions.Count == 0))
            Console.Out.WriteLine("no changes");
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(outcomes.Count, "rule")}, {Count(outcomes.Sum(outcome => outcome.Instances), "alert")} looked at"));
    }

    private static async Task<int> DeliverAsync(
        IServiceProvider services, CompanyDefinition company, IReadOnlyList<RuleOutcome> outcomes, CancellationToken cancellationToken)
    {
        DeliveryOutcome delivered;
        try
        {
            delivered = await services.GetRequiredService<DeliverNotifications>().RunAllAsync(cancellationToken);
        }
        catch (EmailSettingException setting)
        {
            await Console.Error.WriteLineAsync(setting.Message);
            return ExitCode.InputAtFault;
        }

        foreach (var problem in outcomes.Where(outcome => outcome.Transitions.Any(transition => transition.StartsFiring))
            .SelectMany(outcome => Recipients.Of(outcome.Rule, company.Catalog[outcome.Rule.Metric], company.People)
                .Select(recipient => (outcome.Rule.Id, recipient.Problem)))
            .Where(recipient => recipient.Problem is not null))
            await Console.Error.WriteLineAsync($"{problem.Id}: {problem.Problem}");
        foreach (var problem in delivered.Problems)
            await Console.Error.WriteLineAsync(problem);
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{delivered.Sent} sent, {delivered.Waiting} waiting{(delivered.Refused > 0 ? $", {delivered.Refused} refused" : "")}"));
        return delivered.IsUnreachable ? ExitCode.Unreachable : delivered.Refused > 0 ? ExitCode.InputAtFault : ExitCode.Done;
    }

    private static int UnknownRule(CompanyDefinition company, string id)
    {
        Console.Error.WriteLine(company.Alerts.Count == 0
            ? $"There is no alert '{id}': {company.Folder.Root} has no alerts/*.yaml that can be read."
            : $"There is no alert '{id}'. The alerts are {string.Join(", ", company.Alerts.Select(rule => rule.Id))}.");
        return ExitCode.InputAtFault;
    }

    private static bool IsOfRules(Fault fault) => fault.File.StartsWith("alerts/", StringComparison.Ordinal) || fault.File == "people.yaml";

    private static string Name(Segment segment) =>
        segment.IsTotal ? "" : $" [{string.Join(", ", segment.Values.Select(pair => $"{pair.Key}={pair.Value}"))}]";

    private static string Name(AlertState state) => state == AlertState.NoData ? "no data" : state.ToString().ToLowerInvariant();

    private static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
