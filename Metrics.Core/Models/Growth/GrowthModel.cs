using Metrics.Core.Catalog;
using Metrics.Core.Models.Activities;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Growth;

/// <summary>
/// Signups, activation, funnels and growth accounting, from signup and activity records (KPIS §1.3).
/// </summary>
public sealed class GrowthModel : IActivityModel
{
    private static readonly string[] Both = [Signup.Type.Name, Activity.Type.Name];
    private static readonly string[] OfActivity = [Activity.Type.Name];

    private static readonly Choice Days = Choice.Number("days", "How many days after the day of the signup its window ends.", 7);
    private static readonly Choice Window = Choice.Number("days", "How many days after the day of the first step the last one may be taken.", 30);

    private static readonly Choice Steps = new("steps", "The events of the funnel in their order, separated by commas; the first may be signup.", null)
    {
        Pattern = @"[^,]+(,[^,]+)*", PatternHint = "events separated by commas",
    };

    private static readonly Choice Step = Choice.Number("step", "The number of the step that is counted; the first is 1.", null);

    public string Name => "growth";

    public IReadOnlyList<string> RecordTypes => Both;

    public IReadOnlyList<Measure> Measures { get; } =
    [
        new("signups") { RecordTypes = [Signup.Type.Name] },
        new("activation_cohort") { RecordTypes = Both, With = [Days] },
        new("activated_users") { RecordTypes = Both, With = [Days, ActivityChoices.Event] },
        new("funnel_users") { RecordTypes = [Activity.Type.Name, Signup.Type.Name], With = [Steps, Step, Window] },
        new("funnel_seconds") { RecordTypes = [Activity.Type.Name, Signup.Type.Name], With = [Steps, Step, Window] },
        .. GrowthAccounting.Rows.Keys.Select(row => new Measure(row) { RecordTypes = OfActivity, With = [ActivityChoices.Event] }),
    ];

    public IReadOnlyList<string> Policy { get; } =
    [
        "A signup is counted on the local day on which the account was created.",
        "Activation belongs to the day of the signup, and is shown when the window of that day has closed.",
        "New is who was never active before, whatever period is shown; resurrected is who was, but not in the period before.",
        "The steps of a funnel count in their order, inside the window that begins with the first; it is dated by its first step.",
    ];

    ActivityCounter IActivityModel.CounterOf(Metric metric, ActivityHistory history)
    {
        if (GrowthAccounting.Rows.TryGetValue(metric.Measure, out var row))
            return new GrowthAccounting(metric, row, ActivityChoices.EventOf(metric));

        return metric.Measure switch
        {
            "signups" => new Signups(metric),
            "activation_cohort" => new Activation(metric, Days.NumberOf(metric), activated: false, null),
            "activated_users" => new Activation(metric, Days.NumberOf(metric), activated: true, ActivityChoices.EventOf(metric)),
            var funnel => FunnelOf(metric, history, funnel == "funnel_seconds"),
        };
    }

    private static Funnel FunnelOf(Metric metric, ActivityHistory history, bool times)
    {
        var steps = Steps.Of(metric).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var step = Math.Min(Step.NumberOf(metric), steps.Length);
        return new Funnel(metric, history, steps[..step], Window.NumberOf(metric), times);
    }
}
