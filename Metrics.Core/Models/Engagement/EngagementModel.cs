using Metrics.Core.Catalog;
using Metrics.Core.Models.Activities;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Engagement;

/// <summary>
/// Active users of every period and of rolling windows, on how many days they came, their sessions, events and the amounts that belong to
/// them, from activity records (KPIS §1.3).
/// </summary>
public sealed class EngagementModel : IActivityModel
{
    private static readonly Choice Days = Choice.Number("days", "How many days the window has, the day itself included.", null);
    private static readonly Choice AtLeast = Choice.Number("at_least", "On how many days of the window a user must have come.", 5);
    private static readonly Choice Pause = Choice.Number("pause", "The longest pause inside a session, in minutes.", 30);

    public string Name => "engagement";

    public IReadOnlyList<string> RecordTypes { get; } = [Activity.Type.Name];

    public IReadOnlyList<Measure> Measures { get; } =
    [
        new("active_users") { With = [ActivityChoices.Event] },
        new("rolling_users") { With = [Days, ActivityChoices.Event] },
        new("days_active") { With = [Days, ActivityChoices.Event] },
        new("power_users") { With = [Days, AtLeast, ActivityChoices.Event] },
        new("sessions") { With = [Pause, ActivityChoices.Event] },
        new("events") { With = [ActivityChoices.Event] },
        new("amount") { With = [ActivityChoices.Event] },
    ];

    public IReadOnlyList<string> Policy { get; } =
    [
        "A user is active in a period with at least one event in it, by local days of the workspace's zone.",
        "Active users are counted anew for every period and segment and never added up: who comes on two days is one user of the week.",
        "A rolling window ends with the day of its figure and has it in; a window of 28 days has four of each weekday.",
        "Events after the day of the sync are left out and said.",
    ];

    ActivityCounter IActivityModel.CounterOf(Metric metric, ActivityHistory history) => metric.Measure switch
    {
        "active_users" => new ActiveUsers(metric, ActivityChoices.EventOf(metric)),
        "rolling_users" => new RollingUsers(metric, Days.NumberOf(metric), ActivityChoices.EventOf(metric)),
        "days_active" => new DaysActive(metric, Days.NumberOf(metric), 1, ActivityChoices.EventOf(metric)),
        "power_users" => new DaysActive(metric, Days.NumberOf(metric), AtLeast.NumberOf(metric), ActivityChoices.EventOf(metric)),
        "sessions" => new Sessions(metric, Pause.NumberOf(metric), ActivityChoices.EventOf(metric)),
        var sums => new Sums(metric, history, sums == "amount", ActivityChoices.EventOf(metric)),
    };
}
