using Metrics.Core.Catalog;

namespace Metrics.Core.Models.Activities;

/// <summary>
/// A model of what users did. All of them are computed together from one <see cref="ActivityHistory"/>, which is read once, kept, and
/// changed with the records.
/// </summary>
public interface IActivityModel : IModelWorking
{
    /// <summary>What counts a metric that names one of the model's measures.</summary>
    internal ActivityCounter CounterOf(Metric metric, ActivityHistory history);

    IWorkingRun IModelWorking.Explain(WorkingQuestion question) => ActivityWorking.Of(this, question);
}

/// <summary>What metrics of users' activity may choose.</summary>
internal static class ActivityChoices
{
    /// <summary>The name of the choice that leaves all events but one out.</summary>
    public static readonly Choice Event = new("event", "The only event that counts; left out, every event does.", "any");

    /// <summary>Where a cohort begins.</summary>
    public static readonly Choice Cohort = new("cohort", "What makes a user a member of a cohort.", "first_activity")
    {
        Options =
        [
            ("first_activity", "their first event in the segment"),
            ("signup", "their signup; users without one are in no cohort"),
        ],
    };

    /// <summary>The event that a metric chose; null for any.</summary>
    public static string? EventOf(Metric metric) => Event.Of(metric) is { } name and not "any" ? name : null;

    public static bool IsBySignup(Metric metric) => Cohort.Of(metric) == "signup";
}
