using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Catalog;
using Metrics.Core.Models;
using Metrics.Core.Models.Support;
using Metrics.Core.Periods;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Models.Support;

/// <summary>What tickets are counted as, and how long people waited.</summary>
public sealed class SupportModelTests
{
    private static readonly MetricCatalog Catalog = MetricCatalog.Read([], []);

    private static readonly Metric[] BuiltIn =
        [.. Catalog.Metrics.Where(metric => metric.Model?.StartsWith("support.", StringComparison.Ordinal) == true)];

    [Test]
    public void Mean_waits_are_the_published_ones()
    {
        var seconds = Published("frt_mean");
        var answered = Of(seconds.GetProperty("given").GetProperty("seconds").EnumerateArray()
            .Select((wait, i) =>
                Ticket($"t{i}", "2026-03-02T09:00:00Z", $"2026-03-02T09:{wait.GetInt32() / 60:00}:{wait.GetInt32() % 60:00}Z")));
        Assert.That(Formula("first_response_mean", answered), Is.EqualTo(seconds.GetProperty("expected").GetProperty("mean").GetDecimal()));

        var hours = Published("resolution_mean");
        var resolved = Of(hours.GetProperty("given").GetProperty("hours").EnumerateArray()
            .Select((wait, i) => Ticket($"t{i}", "2026-03-02T09:00:00Z", null, $"2026-03-02T{9 + wait.GetInt32():00}:00:00Z")));
        Assert.That(Formula("resolution_mean", resolved) / 3600,
            Is.EqualTo((decimal)hours.GetProperty("expected").GetProperty("mean").GetDouble()).Within(1e-9m));
    }

    [Test]
    public void A_wait_in_business_hours_is_the_published_one()
    {
        var given = Published("frt_business_hours");
        var calendar = new ReportingCalendar(new CalendarSettings
        {
            TimeZone = "Europe/Berlin",
                BusinessHours = BusinessHours.TryParse(new Dictionary<string, string> { ["weekdays"] = "07:00-18:00" }, out _)!,
        });

        // 18:00 in Berlin, answered at 08:00 of the next day.
        var figures = Of([Ticket("t1", "2026-07-01T16:00:00Z", "2026-07-02T06:00:00Z")],
            new ModelContext(calendar, [], Some.Day("2027-01-01")));

        Assert.That(figures.At("first_response_time", "2026-07-01") / 3600,
            Is.EqualTo(given.GetProperty("expected").GetProperty("calendar_hours").GetDecimal()));
        Assert.That(figures.At("first_response_time_business", "2026-07-01") / 3600,
            Is.EqualTo(given.GetProperty("expected").GetProperty("business_hours").GetDecimal()));
    }

    [Test]
    public void A_ticket_counts_on_the_days_on_which_it_was_created_and_resolved_and_is_open_between_them()
    {
        var figures = Of(
        [
            Ticket("t1", "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z", "2026-03-04T09:00:00Z"),
                Ticket("t2", "2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z"),
            Ticket("t3", "2026-03-03T09:00:00Z"), Ticket("t4", "2026-03-03T09:00:00Z", null, "2026-03-03T10:00:00Z"),
                Ticket("late", "2027-03-03T09:00:00Z"),
        ]);

        Assert.That(Days("tickets"), Is.EqualTo(new decimal?[] { 2, 2, null }));
        Assert.That(Days("tickets_resolved"), Is.EqualTo(new decimal?[] { null, 1, 1 }));
        Assert.That(Days("tickets_open"), Is.EqualTo(new decimal?[] { 2, 3, 2 }));
        Assert.That(figures.At("tickets_open", "2026-12-31", Grain.Day, ("priority", "(none)")), Is.EqualTo(2));
        Assert.That(Days("tickets_unanswered"), Is.EqualTo(new decimal?[] { null, 1, null }), "who was helped at once waits for no answer");
        Assert.That(figures.Warnings, Is.Empty);

        decimal?[] Days(string metric) =>
            [.. new[] { "2026-03-02", "2026-03-03", "2026-03-04" }.Select(day =>
                figures.At(metric, day, Grain.Day, ("priority", "(none)")))];
    }

    [Test]
    public void Medians_and_percentiles_are_of_all_tickets_of_a_period_and_segment_and_no_mean_of_days()
    {
        var figures = Of([.. Enumerable.Range(1, 10).Select(i =>
            Ticket($"t{i}", i == 10 ? "2026-03-05T00:00:00Z" : "2026-03-02T00:00:00Z", i == 10 ? "2026-03-05T01:00:00Z"
                : $"2026-03-02T00:0{i}:00Z", priority: i > 8 ? "high" : "low"))]);

        Assert.That(figures.At("first_response_time", "2026-03-02"), Is.EqualTo(5 * 60));
        Assert.That(figures.At("first_response_time", "2026-03-02", Grain.Week), Is.EqualTo(5.5m * 60));
        Assert.That(figures.At("first_response_time_p90", "2026-03-02", Grain.Week), Is.EqualTo((9 + 0.1m * 51) * 60),
            "as R's quantile(type = 7)");
        Assert.That(figures.At("first_response_time", "2026-03-01", Grain.Month, ("priority", "high")), Is.EqualTo(34.5m * 60));
    }

    [Test]
    public void Tickets_that_contradict_themselves_are_left_out_of_waits_and_named()
    {
        var figures = Of(
        [
            Ticket("t1", "2026-03-02T09:00:00Z", "2026-03-02T08:00:00Z"),
                Ticket("t2", "2026-03-02T09:00:00Z", null, "2026-03-01T08:00:00Z"),
            Ticket("t3", "2026-03-02", "2026-03-03"), Ticket("t4", "2026-03-02T09:00:00Z", "2026-03-02T09:01:00Z"),
        ]);

        Assert.That(figures.Warnings,
            Is.EqualTo((string[])["no_time_of_day 1 left out", "resolved_before_creation 1 left out",
                "response_before_creation 1 left out"]));
        Assert.That(figures.Result.Warnings.Select(warning => warning.Examples.Single().Record), Is.EqualTo((string[])["2", "1", "0"]));
        Assert.That((figures.At("first_response_time", "2026-03-02"), figures.Sum("tickets", Grain.Day, ("priority", "(none)"))),
            Is.EqualTo((60m, 4m)));
        Assert.That(figures.At("tickets_open", "2026-03-02", Grain.Day, ("priority", "(none)")), Is.EqualTo(3));
    }

    [Test]
    public void Open_tickets_change_by_those_that_came_less_those_that_went() => Check.QuickThrowOnFailure(Prop.ForAll(Tickets, bodies =>
    {
        var figures = Of(bodies);
        (string, string)[] none = [("priority", "(none)")];
        decimal before = 0;
        for (var day = Some.Day("2026-01-20"); day < Some.Day("2026-06-01"); day = day.AddDays(1))
        {
            var (created, resolved) = (figures.At("tickets", $"{day:yyyy-MM-dd}", Grain.Day, none),
                figures.At("tickets_resolved", $"{day:yyyy-MM-dd}", Grain.Day, none));
            var open = figures.At("tickets_open", $"{day:yyyy-MM-dd}", Grain.Day, none) ?? 0;
            if (open != before + (created ?? 0) - (resolved ?? 0))
                return false;
            before = open;
        }

        return true;
    }));

    /// <summary>Tickets that do not contradict themselves.</summary>
    private static Arbitrary<List<object>> Tickets { get; } = Arb.From((
        from created in Gen.Choose(0, 100_000)
        from response in Gen.Choose(-500, 5_000)
        from resolution in Gen.Choose(-5_000, 50_000)
        let at = Some.Instant("2026-01-29T00:00Z").AddMinutes(created)
        select Ticket("t", At(at), response < 0 ? null : At(at.AddMinutes(response)), resolution < 0 ? null
            : At(at.AddMinutes(resolution)))).ListOf()
        .Select(list => list.ToList()));

    internal static string At(DateTimeOffset at) =>
        at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    internal static object Ticket(string id, string at, string? response = null, string? resolved = null, string? priority = null)
    {
        var body = new Dictionary<string, object> { ["ticket"] = id, ["at"] = at };
        (string, string?)[] optional = [("first_response", response), ("resolved", resolved), ("priority", priority)];
        foreach (var (name, value) in optional)
        {
            if (value is not null)
                body[name] = value;
        }

        return body;
    }

    private static ModelFigures Of(IEnumerable<object> bodies, ModelContext? context = null) =>
        new(new SupportModel(), BuiltIn, bodies, context);

    private static decimal? Formula(string id, ModelFigures figures) =>
        Catalog[id].Formula!.Evaluate(operand => figures.Sum(operand, Grain.Day, ("priority", "(none)")));

    private static JsonElement Published(string kpi)
    {
        using var examples = JsonDocument.Parse(File.ReadAllText(Reference.File("unit-economics/worked_examples.json")));
        return examples.RootElement.Clone().EnumerateArray().Single(one => one.GetProperty("kpi").GetString() == kpi);
    }
}
