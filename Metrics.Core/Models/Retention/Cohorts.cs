using Metrics.Core.Catalog;
using Metrics.Core.Models.Activities;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Retention;

/// <summary>What a cell of a cohort triangle counts.</summary>
internal enum CohortFigure
{
    /// <summary>Users of the cohort who are active in the period.</summary>
    Users,

    /// <summary>Users of the cohort who are active in the period or later.</summary>
    OnOrAfter,

    /// <summary>All users of the cohort, in every period from its own on.</summary>
    Size,

    /// <summary>What the users of the cohort bring in the period.</summary>
    Amount,
}

/// <summary>
/// A cohort triangle: the row is the period of the user's first visit or signup, the dimension <c>cohort</c>; the column is the period of
/// the point. Without the dimension all cohorts together.
/// </summary>
internal sealed class Cohorts : ActivityCounter
{
    /// <summary>The dimension of the row: the first day of the cohort's period.</summary>
    public const string Dimension = "cohort";

    private readonly CohortFigure _figure;
    private readonly bool _bySignup;
    private readonly int _mostDays;

    /// <param name="bySignup">Whether a user's cohort is that of their signup.</param>
    /// <param name="mostDays">How many days of a cohort of a day are counted after its first.</param>
    public Cohorts(Metric metric, CohortFigure figure, bool bySignup, int mostDays, string? name)
        : base(metric, Dimension, grain => new CountedSeries(
            metric, grain, Dimension, figure is CohortFigure.Size or CohortFigure.OnOrAfter, figure == CohortFigure.Amount ? Visit.AmountUnits : 1)
        {
            HasZeros = true,
            MostPlaces = grain == Grain.Day ? mostDays + 1 : null,
        })
    {
        (_figure, _bySignup, _mostDays, Event) = (figure, bySignup, mostDays, name);
        By = bySignup ? CountedBy.Signup : CountedBy.Activity;
    }

    public override void Count(UserDays user, IReadOnlyList<Segment> segments, int sign)
    {
        if (user.IsAgain)
            return;

        foreach (var series in Series)
        {
            var places = user.PlacesOf(series.Grain);
            var cohort = _bySignup ? user.Numbers.Of(series.Grain, user.Signups[0].Day) : places[0];
            var end = series.Grain == Grain.Day ? cohort + _mostDays + 1 : int.MaxValue;
            var lanes = LanesOf(series, user, segments, cohort, number => NameOf(user.Numbers.Calendar, series.Grain, number));
            if (lanes.Own >= 0)
                series.Limit(lanes.Own, cohort);
            Count(series, lanes, user, cohort, end, sign);
        }
    }

    /// <summary>The name of a cohort: the first day of its period.</summary>
    public static string NameOf(ReportingCalendar calendar, Grain grain, int number) =>
        calendar.Numbered(grain, number).Start.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private void Count(CountedSeries series, Lanes lanes, UserDays user, int cohort, int end, int sign)
    {
        switch (_figure)
        {
            case CohortFigure.Size:
                lanes.Add(series.Tally, cohort, sign);
                if (end != int.MaxValue)
                    lanes.Add(series.Tally, end, -sign);
                break;
            case CohortFigure.OnOrAfter when user.PlacesOf(series.Grain) is [.., var last] && last >= cohort:
                lanes.AddRun(series.Tally, cohort, Math.Min(last + 1, end), sign);
                break;
            case CohortFigure.Users:
                foreach (var place in user.PlacesOf(series.Grain))
                {
                    if (place >= cohort && place < end)
                        lanes.Add(series.Tally, place, sign);
                }

                break;
            case CohortFigure.Amount:
                foreach (var visit in user.Visits)
                {
                    if (user.Numbers.Of(series.Grain, visit.Day) is var place && place >= cohort && place < end)
                        lanes.Add(series.Tally, place, sign * visit.Amount);
                }

                break;
        }
    }
}
