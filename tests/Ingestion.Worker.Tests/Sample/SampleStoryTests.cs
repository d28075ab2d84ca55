using NUnit.Framework;

namespace Ingestion.Worker.Tests.Sample;

/// <summary>What a board should find in the sample, in summer as in winter.</summary>
[TestFixture("2026-11-21")]
[TestFixture("2024-03-04")]
[TestFixture("2027-01-05")]
[TestFixture("2025-07-06")]
public sealed class SampleStoryTests(string end)
{
    private SampleBooks _books = null!;

    [OneTimeSetUp]
    public void Write() => _books = new SampleBooks(Csv.Day(end));

    [OneTimeTearDown]
    public void Remove() => _books.Dispose();

    [Test]
    public void More_revenue_churns_in_the_four_weeks_after_the_outage_than_in_the_twelve_before()
    {
        var before = Enumerable.Range(21, 12).Average(week => _books.ChurnedMrr(Monday(week), Monday(week).AddDays(6)));
        var after = Enumerable.Range(16, 4).Average(week => _books.ChurnedMrr(Monday(week), Monday(week).AddDays(6)));
        var recovered = Enumerable.Range(4, 12).Average(week => _books.ChurnedMrr(Monday(week), Monday(week).AddDays(6)));

        Assert.That(after, Is.GreaterThan(1.7m * before));
        Assert.That(recovered, Is.LessThan(after / 1.5m));
    }

    [Test]
    public void In_the_outage_week_people_do_less_and_ask_more()
    {
        var activity = ByWeek(_books.Activity().Select(activity => DateOnly.FromDateTime(activity.At.UtcDateTime)));
        var tickets = ByWeek(Csv.Read(_books["data/tickets.csv"]).Select(row => Csv.Day(row["created_at"])));

        // Compared with the weeks around it, so that the season does not matter.
        Assert.That(activity[20], Is.LessThan(0.75 * (activity[21] + activity[19]) / 2));
        Assert.That(tickets[20], Is.GreaterThan(2.0 * (tickets[21] + tickets[19]) / 2));
    }

    [Test]
    public void The_outage_costs_points_of_satisfaction()
    {
        var answers = Csv.Read(_books["data/surveys.csv"]).Where(row => row["survey"] == "nps" && row["score"] != "")
            .ToLookup(row => WeeksAgo(Csv.Day(row["answered_at"])), row => Csv.Number(row["score"]));
        double Nps(int newest, int oldest)
        {
            var scores = Enumerable.Range(newest, oldest - newest + 1).SelectMany(week => answers[week]).ToList();
            return 100.0 * (scores.Count(score => score >= 9) - scores.Count(score => score <= 6)) / scores.Count;
        }

        Assert.That(Nps(16, 20), Is.LessThan(Nps(21, 32) - 12));
        Assert.That(Nps(0, 15), Is.GreaterThan(Nps(16, 20) + 12));
        Assert.That(answers[3].Count(), Is.GreaterThan(30), "enough answers for a trend");
    }

    [Test]
    public void The_new_onboarding_lifts_activation_from_38_to_46_percent()
    {
        var firstProject = _books.Activity().Where(activity => activity.Event == "project_created")
            .GroupBy(activity => activity.User).ToDictionary(user => user.Key, user => user.Min(activity => activity.At));
        var activated = Csv.Read(_books["data/signups.csv"])
            .ToLookup(
                row => WeeksAgo(Csv.Day(row["signed_up_at"])),
                row => firstProject.TryGetValue(row["user_id"], out var at) && at < Csv.Instant(row["signed_up_at"]).AddDays(7));
        double Share(int newest, int oldest) =>
            Enumerable.Range(newest, oldest - newest + 1).SelectMany(week => activated[week]).Average(isActivated => isActivated ? 1.0 : 0);

        // The newest two weeks have not had their seven days: the last signups' projects are not in the late export.
        Assert.That(Share(10, 156), Is.EqualTo(0.38).Within(0.01));
        Assert.That(Share(2, 9), Is.EqualTo(0.46).Within(0.035));
    }

    [Test]
    public void Nobody_does_anything_before_signing_up()
    {
        var signedUp = Csv.Read(_books["data/signups.csv"]).ToDictionary(row => row["user_id"], row => Csv.Instant(row["signed_up_at"]));

        Assert.That(_books.Activity().Where(activity => signedUp.TryGetValue(activity.User, out var at) && activity.At < at), Is.Empty);
    }

    [Test]
    public void The_price_change_moves_most_Team_and_Business_customers_up_within_two_months()
    {
        var change = _books.Last.AddMonths(-14);
        change = change.AddDays(-(((int)change.DayOfWeek + 6) % 7));
        var (before, after) = (change.AddDays(-1), change.AddDays(62));
        var there = _books.Subscriptions.Where(line => line.Plan is "Team" or "Business" && line.RunsOn(before)).ToList();
        var next = _books.Subscriptions.ToLookup(line => (line.Customer, line.Plan, line.Start));
        var dearer = there.Count(line => next[(line.Customer, line.Plan, line.End)].Any(now => now.Monthly > line.Monthly * 1.08m));

        Assert.That(there.Where(line => line.End > after), Is.Empty, "nobody keeps the old price");
        Assert.That((double)dearer / there.Count, Is.InRange(0.75, 0.95));

        // As a share, and against the nine weeks before, because the company grows.
        var churn = _books.ChurnedMrr(change, after) / _books.Mrr(before);
        var usual = _books.ChurnedMrr(change.AddDays(-63), before) / _books.Mrr(change.AddDays(-64));
        Assert.That(churn, Is.GreaterThan(1.2m * usual));
    }

    [Test]
    public void In_the_last_week_three_Enterprise_accounts_in_DACH_leave_or_take_a_smaller_plan()
    {
        var gone = _books.Subscriptions
            .Where(line => line is { Plan: "Enterprise", Region: "DACH" } && line.End >= Monday(0) && line.End <= _books.Last)
            .ToList();

        var smaller = _books.Subscriptions.Where(line => line.Plan == "Business").Select(line => (line.Customer, line.Start)).ToHashSet();

        Assert.That(gone.Select(line => line.Customer).Distinct().Count(), Is.EqualTo(3));
        Assert.That(gone.Count(line => smaller.Contains((line.Customer, line.End))), Is.EqualTo(1));
    }

    [Test]
    public void The_last_week_is_the_worst_of_net_new_revenue_in_a_quarter()
    {
        var netNew = Enumerable.Range(0, 13).Select(Monday)
            .Select(monday => _books.Mrr(monday.AddDays(6)) - _books.Mrr(monday.AddDays(-1)))
            .ToList();

        Assert.That(netNew[0], Is.LessThan(-12_000m));
        Assert.That(netNew[0], Is.LessThan(netNew.Skip(1).Min() - 5_000));
    }

    [Test]
    public void Product_analytics_is_two_days_late_and_until_then_has_every_day()
    {
        var days = _books.Activity().Select(activity => DateOnly.FromDateTime(activity.At.UtcDateTime)).Distinct().ToList();

        Assert.That(days.Max(), Is.EqualTo(_books.Last.AddDays(-2)));
        Assert.That(days, Has.Count.EqualTo(157 * 7 - 2));
    }

    private DateOnly Monday(int weeksAgo) => _books.Last.AddDays(-6 - 7 * weeksAgo);

    private int WeeksAgo(DateOnly day) => (_books.Last.DayNumber - day.DayNumber) / 7;

    private Dictionary<int, int> ByWeek(IEnumerable<DateOnly> days) => days.CountBy(WeeksAgo).ToDictionary();
}
