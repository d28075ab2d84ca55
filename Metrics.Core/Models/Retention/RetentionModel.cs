using Metrics.Core.Catalog;
using Metrics.Core.Models.Activities;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Retention;

/// <summary>
/// Cohort triangles by any grain, of users and of what they bring, and N-day, unbounded and bracket retention (KPIS §1.3), from activity
/// records and, where a metric says so, signups.
/// </summary>
public sealed class RetentionModel : IActivityModel
{
    private static readonly Choice From = Choice.Number("from", "The first day of the window after day 0, the day of the first visit or signup.", null);
    private static readonly Choice To = new("to", "The last day of the window; left out, the same as the first.", "from")
    {
        Pattern = "[1-9][0-9]{0,3}|from", PatternHint = "a whole number from 1 to 9999",
    };

    private static readonly Choice Most = Choice.Number("most_days", "For how many days after its first a cohort of a day is followed.", 90);

    private static readonly IReadOnlyDictionary<string, CohortFigure> Triangles = new Dictionary<string, CohortFigure>
    {
        ["cohort_users"] = CohortFigure.Users,
        ["cohort_users_on_or_after"] = CohortFigure.OnOrAfter,
        ["cohort_size"] = CohortFigure.Size,
        ["cohort_amount"] = CohortFigure.Amount,
    };

    public string Name => "retention";

    public IReadOnlyList<string> RecordTypes { get; } = [Activity.Type.Name, Signup.Type.Name];

    public IReadOnlyList<Measure> Measures { get; } =
    [
        .. Triangles.Keys.Select(name => new Measure(name) { With = [ActivityChoices.Cohort, Most, ActivityChoices.Event] }),
        new("returned_users") { With = [From, To, ActivityChoices.Cohort, ActivityChoices.Event] },
        new("returned_users_on_or_after") { With = [From, ActivityChoices.Cohort, ActivityChoices.Event] },
        new("users_of_age") { With = [From, To, ActivityChoices.Cohort, ActivityChoices.Event] },
    ];

    public IReadOnlyList<string> Policy { get; } =
    [
        "Day 0 is the local day of the user's first visit (or signup); day N is N calendar days later.",
        "A figure of a cohort is shown for its day only when the window of everybody in it has closed.",
        "A cell of a triangle is complete when its period has ended; averages take complete cells alone, weighted by the size of cohorts.",
        "Unbounded retention counts who came in a period or later, so it never rises from one period to the next, but its newest cells still do.",
    ];

    ActivityCounter IActivityModel.CounterOf(Metric metric, ActivityHistory history)
    {
        var (bySignup, name) = (ActivityChoices.IsBySignup(metric), ActivityChoices.EventOf(metric));
        if (Triangles.TryGetValue(metric.Measure, out var figure))
            return new Cohorts(metric, figure, bySignup, Most.NumberOf(metric), name);

        var from = From.NumberOf(metric);
        var to = metric.Measure == "returned_users_on_or_after" ? (int?)null : To.Of(metric) == "from" ? from : To.NumberOf(metric);
        return new Returning(metric, from, to, metric.Measure == "users_of_age", bySignup, name);
    }
}
