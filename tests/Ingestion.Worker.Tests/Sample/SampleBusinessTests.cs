using NUnit.Framework;

namespace Ingestion.Worker.Tests.Sample;

/// <summary>The sample company is a business that could exist, whenever it is looked at.</summary>
[TestFixture("2026-11-21")]
[TestFixture("2024-03-04")]
[TestFixture("2027-01-05")]
public sealed class SampleBusinessTests(string end)
{
    private SampleBooks _books = null!;

    [OneTimeSetUp]
    public void Write() => _books = new SampleBooks(Csv.Day(end));

    [OneTimeTearDown]
    public void Remove() => _books.Dispose();

    [Test]
    public void Every_subscription_lasts_a_day_at_least_costs_something_and_has_an_id_of_its_own()
    {
        Assert.That(_books.Subscriptions.Where(line => line.Start >= line.End || line.Monthly <= 0), Is.Empty);
        Assert.That(_books.Subscriptions.Select(line => line.Id), Is.Unique);
        Assert.That(_books.Subscriptions.Where(line => line.End > _books.Last && line.End != DateOnly.MaxValue), Is.Empty);
    }

    [Test]
    public void It_had_about_four_thousand_customers_and_keeps_about_two_and_a_half_thousand()
    {
        Assert.That(_books.Subscriptions.Select(line => line.Customer).Distinct().Count(), Is.InRange(3_500, 4_500));
        Assert.That(_books.MrrByCustomer(_books.Last), Has.Count.InRange(2_300, 2_600));
        Assert.That(_books.Mrr(_books.Last), Is.InRange(2_350_000m, 2_650_000m));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void Every_year_it_grows_by_about_a_fifth(int yearsAgo)
    {
        var day = _books.Last.AddDays(-364 * yearsAgo);

        Assert.That(_books.Mrr(day) / _books.Mrr(day.AddDays(-364)), Is.InRange(1.12m, 1.32m));
    }

    [Test]
    public void Some_customers_come_back_some_have_two_subscriptions_and_some_pay_by_the_year()
    {
        var customers = _books.Subscriptions.GroupBy(line => line.Customer).ToList();
        var returned = customers.Count(lines => lines.Any(line =>
            line.Start > lines.Min(other => other.Start) && !lines.Any(other => other.Start < line.Start && line.Start <= other.End)));
        var two = customers.Count(lines => lines.Count(line => line.RunsOn(_books.Last)) > 1);
        var yearly = Csv.Read(_books["data/subscriptions.csv"]).Count(row => row["billing_interval"] == "year");

        Assert.That((double)returned / customers.Count, Is.InRange(0.02, 0.06));
        Assert.That(two, Is.InRange(15, 80));
        Assert.That((double)yearly / _books.Subscriptions.Count, Is.InRange(0.15, 0.4));
    }

    [Test]
    public void A_change_of_plan_or_price_ends_one_line_and_begins_another_on_the_same_day()
    {
        var begun = _books.Subscriptions.ToLookup(line => (line.Customer, line.Start));

        var changed = _books.Subscriptions
            .Where(line => begun[(line.Customer, line.End)].Any(next => next.Plan != line.Plan))
            .ToList();

        Assert.That(changed, Has.Count.GreaterThan(200));
    }

    [Test]
    public void Every_day_has_signups_and_their_quiet_and_busy_months()
    {
        var byDay = Csv.Read(_books["data/signups.csv"]).CountBy(row => Csv.Day(row["signed_up_at"])).ToDictionary();
        double Average(int month) => byDay.Where(day => day.Key.Month == month).Average(day => day.Value);

        Assert.That(byDay, Has.Count.EqualTo(157 * 7));
        Assert.That(Average(8), Is.LessThan(0.8 * Average(9)), "August is quiet, September is not");
        Assert.That(
            byDay.Where(day => day.Key is { Month: 12, Day: >= 22 }).Average(day => day.Value),
            Is.LessThan(0.7 * byDay.Where(day => day.Key is { Month: 12, Day: < 22 }).Average(day => day.Value)));
    }

    [Test]
    public void Its_people_work_on_weekdays_and_in_a_volume_that_a_laptop_reads_in_seconds()
    {
        var byWeekday = _books.Activity().CountBy(activity => activity.At.DayOfWeek).ToDictionary();

        Assert.That(byWeekday.Values.Sum(), Is.InRange(300_000, 450_000));
        Assert.That(byWeekday[DayOfWeek.Sunday], Is.LessThan(0.4 * byWeekday[DayOfWeek.Tuesday]));
    }

    [Test]
    public void Instants_lie_on_the_same_day_in_Berlin_and_in_London()
    {
        Assert.That(_books.Activity().Where(activity => activity.At.Hour is < 5 or >= 22), Is.Empty);
    }

    [Test]
    public void A_ticket_is_answered_before_it_is_resolved_and_nothing_is_known_of_later_days()
    {
        var tickets = Csv.Read(_books["data/tickets.csv"]);

        Assert.That(tickets.Where(t => t["first_response_at"] is "" && t["resolved_at"] is not ""), Is.Empty);
        Assert.That(tickets.Where(t => !InOrder(t["first_response_at"], t["resolved_at"])), Is.Empty);
        Assert.That(tickets.Where(t => !InOrder(t["created_at"], t["first_response_at"])), Is.Empty);
        Assert.That(tickets.Where(t => t["resolved_at"] is not "").Max(t => Csv.Day(t["resolved_at"])), Is.EqualTo(_books.Last));
        Assert.That(tickets.Count(t => t["resolved_at"] is ""), Is.GreaterThan(12), "some are still open");

        static bool InOrder(string earlier, string later) => later is "" || Csv.Instant(earlier) < Csv.Instant(later);
    }

    [Test]
    public void A_deal_is_open_or_won_or_lost()
    {
        var deals = Csv.Read(_books["data/opportunities.csv"]);
        var kinds = deals
            .CountBy(deal => (
                deal["stage"] is "closed_won" or "closed_lost" ? deal["stage"] : "open", deal["won"], deal["closed_date"] is not ""))
            .ToDictionary();

        var (open, won, lost) = (("open", "", false), ("closed_won", "true", true), ("closed_lost", "false", true));
        Assert.That(kinds.Keys, Is.EquivalentTo(new[] { open, won, lost }));
        Assert.That(kinds[won] / (double)kinds[lost], Is.InRange(0.25, 0.45));
        Assert.That(deals.Where(deal => deal["closed_date"] is not "" && Csv.Day(deal["closed_date"]) > _books.Last), Is.Empty);
    }
}
