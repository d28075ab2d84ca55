using System.Globalization;
using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Series;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>What a metric's page says beside its newest value: what it is made of, what it once was, and its parts.</summary>
public sealed class MetricPageTests
{
    private const string HostileUser = "=cmd|'/c calc'!A1<script>alert(3)</script>";

    private RunningDashboard _dashboard = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _dashboard = await RunningDashboard.StartAsync();
        await AppendAsync([.. Days("2026-11-02", 7).Select(day => Visits(day, "EU", 10)), .. Days("2026-11-09", 7).Select(day => Visits(day, "EU", 12))]);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _dashboard.DisposeAsync();

    [Test]
    public async Task Every_value_of_the_table_leads_to_its_working()
    {
        var page = await _dashboard.PageAsync("/metrics/visits?by=region");

        var links = page.QuerySelectorAll("#periods tbody td:nth-child(2) a").Select(link => link.GetAttribute("href")).ToArray();
        Assert.That(links, Does.Contain("/metrics/visits/working?grain=week&period=2026-W46"));
        Assert.That(page.QuerySelector("#breakdown tbody a")!.GetAttribute("href"), Is.EqualTo("/metrics/visits/working?grain=week&period=2026-W46&region=EU"));
        foreach (var link in links.Take(3))
            await _dashboard.PageAsync(link!);
    }

    [Test]
    public async Task A_metric_of_a_model_with_switches_lists_its_definition_and_what_changed()
    {
        var store = _dashboard.Services.GetRequiredService<Metrics.Core.Models.IDefinitionStore>();
        await store.KeepAsync(new("revenue", 1, null, new Dictionary<string, string> { ["discounts"] = "all" }), default, CancellationToken.None);
        await store.KeepAsync(new("revenue", 2, new DateOnly(2026, 7, 1), new Dictionary<string, string> { ["discounts"] = "ignored" }), default, CancellationToken.None);

        var panel = (await _dashboard.PageAsync("/metrics/net_new_mrr")).QuerySelector("#definition-revenue")!;

        Assert.That(panel.TextContent, Does.Contain("Definition v2").And.Contain("discounts was all and is ignored"));
        Assert.That(panel.QuerySelector("time")!.TextContent, Is.EqualTo("1 Jul 2026"));
        Assert.That(panel.QuerySelectorAll("dt").Select(one => one.TextContent), Does.Contain("discounts: ignored").And.Contain("tax: excluded"));
        Assert.That(panel.TextContent, Does.Contain("recurring: Only a discount without an end"));
        Assert.That((await _dashboard.PageAsync("/metrics/visits")).QuerySelector(".definition"), Is.Null);
    }

    [Test]
    public async Task A_metric_says_how_it_is_computed_with_what_it_chose_and_how_fresh_its_sources_are()
    {
        const string metrics = """
            metrics:
              - id: weekly_regulars
                name: Weekly regulars
                unit: count
                over_time: none
                over_segments: none
                model: engagement.days_active
                with: { days: 14 }
                certified: true
                kind: input
              - { id: share_of_regulars, name: Share of regulars, unit: ratio, formula: weekly_regulars / visits }
            """;
        await using var other = await RunningDashboard.StartAsync("metrics/regulars.yaml", metrics);

        var own = await other.PageAsync("/metrics/weekly_regulars");
        Assert.That(own.QuerySelector("#computed")!.TextContent, Does.Contain("measure days_active of the model engagement, from records of type activity"));
        Assert.That(own.QuerySelector("#computed .choices dt")!.TextContent, Is.EqualTo("days: 14"));
        Assert.That(own.QuerySelector("#computed .choices dd")!.TextContent, Does.StartWith("How many days the window has").And.Not.Contain("default"));
        Assert.That(own.QuerySelector("#computed details")!.TextContent, Does.Contain("A user is active in a period"));
        Assert.That(own.QuerySelector(".sheet-side")!.TextContent, Does.Contain("✓ Certified").And.Contain("Input: it can be acted on directly"));
        Assert.That(own.QuerySelector(".fresh-now"), Is.Null, "it has no source");

        var formula = await other.PageAsync("/metrics/share_of_regulars");
        Assert.That(formula.QuerySelectorAll("#computed a").Select(link => link.GetAttribute("href")),
            Is.EqualTo(new[] { "/metrics/weekly_regulars", "/metrics/visits", "/metrics/weekly_regulars" }), "the formula, and the measures behind it");
        Assert.That(formula.QuerySelector(".fresh-now dt")!.TextContent, Is.EqualTo("site"));
        Assert.That(formula.QuerySelector(".fresh-now dd")!.TextContent.Trim(), Is.EqualTo("✓ current"));
    }

    [Test]
    public async Task A_working_lists_the_records_and_adds_up()
    {
        var page = await _dashboard.PageAsync("/metrics/visits/working?grain=week&period=2026-W46");

        Assert.That(page.QuerySelectorAll(".proof data").Select(data => data.TextContent), Is.EqualTo(new[] { "84", "84" }));
        Assert.That(page.QuerySelector(".proof .chip")!.TextContent, Does.Contain("It adds up"));
        Assert.That(page.QuerySelectorAll(".working tbody tr").Select(Cells), Has.Exactly(7).Items);
        Assert.That(Cells(page.QuerySelector(".working tbody tr")!), Is.EqualTo("9 Nov 2026|EU|site/visits|2026-11-09 EU|12"));
        Assert.That(Cells(page.QuerySelector(".working tfoot tr")!), Is.EqualTo("Sum of the lines|84"));
    }

    [Test]
    public async Task A_working_of_a_segment_has_its_records_alone()
    {
        var page = await _dashboard.PageAsync("/metrics/visits/working?grain=week&period=2026-W46&region=US");

        Assert.That(page.QuerySelector(".head p")!.TextContent, Does.Contain("region US"));
        Assert.That(page.QuerySelectorAll(".working tbody tr"), Is.Empty);
        Assert.That(page.QuerySelector(".head a")!.GetAttribute("href"), Is.EqualTo("/metrics/visits/working?grain=week&period=2026-W46"));
    }

    [Test]
    public async Task A_formula_is_worked_out_with_the_numbers_of_its_operands()
    {
        var page = await _dashboard.PageAsync("/metrics/per_visit/working?grain=week&period=2026-W46");

        Assert.That(page.QuerySelectorAll(".formula code").Select(code => code.TextContent), Is.EqualTo(new[] { "churned / visits", "7 / 84" }));
        Assert.That(page.QuerySelectorAll("tbody a.figure").Select(link => link.GetAttribute("href")), Is.EqualTo(new[]
        {
            "/metrics/churned/working?grain=week&period=2026-W46", "/metrics/visits/working?grain=week&period=2026-W46",
        }));
        Assert.That(page.QuerySelector(".proof .chip")!.TextContent, Does.Contain("It adds up"));
    }

    [Test]
    public async Task A_metric_says_why_it_moved_by_its_drivers_and_by_its_segments()
    {
        var page = await _dashboard.PageAsync("/metrics/per_visit");

        var why = page.QuerySelector("#why")!;
        Assert.That(why.QuerySelector("h2")!.TextContent, Is.EqualTo("Why it moved, W46 on W45"));
        Assert.That(why.QuerySelectorAll("tbody th a").Select(link => link.GetAttribute("href")), Is.EqualTo(new[] { "/metrics/churned?grain=week", "/metrics/visits?grain=week" }));
        var parts = why.QuerySelectorAll("tbody td:nth-child(4) data").Sum(part => decimal.Parse(part.GetAttribute("value")!, NumberStyles.Float, CultureInfo.InvariantCulture));
        var change = decimal.Parse(why.QuerySelector("tfoot data")!.GetAttribute("value")!, NumberStyles.Float, CultureInfo.InvariantCulture);
        Assert.That(parts, Is.EqualTo(change).Within(1e-12m));
        Assert.That(why.QuerySelectorAll("svg[role=img]").Select(picture => picture.GetAttribute("aria-describedby")), Is.Unique);
        Assert.That(why.QuerySelector("svg desc")!.TextContent, Does.StartWith("Churned per visit"));
    }

    [Test]
    public async Task A_metric_without_drivers_says_which_segments_moved_it()
    {
        var page = await _dashboard.PageAsync("/metrics/visits");

        Assert.That(page.QuerySelectorAll("#why tbody tr").Select(Cells), Does.Contain("EU|70|84|+14"));
        Assert.That(page.QuerySelectorAll("#why svg"), Is.Empty);
    }

    [Test]
    public async Task Metrics_lead_to_what_drives_them_and_to_what_they_drive()
    {
        var per = await _dashboard.PageAsync("/metrics/per_visit");
        var visits = await _dashboard.PageAsync("/metrics/visits");

        Assert.That(per.QuerySelectorAll("#tree dd a").Select(link => link.TextContent), Is.EqualTo(new[] { "Churned", "Visits" }));
        Assert.That(visits.QuerySelectorAll("#tree dt").Select(term => term.TextContent), Is.EqualTo(new[] { "Drives" }));
        Assert.That(visits.QuerySelector("#tree dd a")!.GetAttribute("href"), Is.EqualTo("/metrics/per_visit?grain=week"));
        Assert.That((await _dashboard.PageAsync("/metrics/late")).QuerySelector("#tree"), Is.Null);
    }

    [Test]
    public async Task The_operands_of_other_periods_are_named_with_them()
    {
        await using var other = await RunningDashboard.StartAsync(
            extraFile: "metrics/more.yaml", extraText: "metrics: [{ id: gained, name: Gained, unit: count, formula: visits - previous(visits) }]");

        var page = await other.PageAsync("/metrics/gained/working?grain=week&period=2026-W46");

        Assert.That(page.QuerySelectorAll(".formula code").Select(code => code.TextContent), Is.EqualTo(new[] { "visits - previous(visits)" }));
        Assert.That(page.QuerySelectorAll("tbody small").Select(text => text.TextContent), Is.EqualTo(new[] { "visits", "previous(visits)" }));
        Assert.That(page.QuerySelectorAll("tbody a.figure").Select(link => link.GetAttribute("href")), Is.EqualTo(new[]
        {
            "/metrics/visits/working?grain=week&period=2026-W46", "/metrics/visits/working?grain=week&period=2026-W45",
        }));
        Assert.That(page.QuerySelector(".proof .chip")!.TextContent, Does.Contain("It adds up"));
    }

    [Test]
    public async Task Values_without_records_say_so()
    {
        var page = await _dashboard.PageAsync("/metrics/churned/working?grain=week&period=2026-W46");

        Assert.That(page.QuerySelector(".proof p")!.TextContent, Does.StartWith("No records are behind it"));
    }

    [Test]
    public async Task Records_that_changed_since_do_not_add_up_and_the_page_says_it()
    {
        await using var changed = await RunningDashboard.StartAsync();
        await AppendAsync([.. Days("2026-11-09", 7).Select(day => Visits(day, HostileUser, 13))], changed);

        var page = await changed.PageAsync("/metrics/visits/working?grain=week&period=2026-W46");
        Assert.That(page.QuerySelectorAll(".proof data").Select(data => data.TextContent), Is.EqualTo(new[] { "91", "84" }));
        Assert.That(page.QuerySelector(".proof [role=status]")!.TextContent, Does.Contain("It does not add up"));
        Assert.That(page.QuerySelectorAll("script:not([src^='/assets/'])"), Is.Empty);

        var csv = await changed.Http.GetStringAsync(new Uri("/metrics/visits/working.csv?grain=week&period=2026-W46", UriKind.Relative));
        Assert.That(csv.Split('\n')[0], Is.EqualTo("day,region,stream,record,amount"));
        Assert.That(csv, Does.Contain("\n2026-11-09,'=cmd|"), "what a spreadsheet would run is disarmed");
    }

    [Test]
    public async Task More_lines_than_can_be_read_are_counted_and_all_in_the_file()
    {
        await using var many = await RunningDashboard.StartAsync();
        await AppendAsync([.. Enumerable.Range(1, 250).Select(i => Visits(Day("2026-11-10"), $"r{i:000}", i))], many);

        var page = await many.PageAsync("/metrics/visits/working?grain=week&period=2026-W46");
        Assert.That(page.QuerySelectorAll(".working tbody tr"), Has.Length.EqualTo(200));
        Assert.That(Cells(page.QuerySelector(".working tfoot .more")!), Is.EqualTo("… and 50 more that add up to|1,275"));

        var csv = await many.Http.GetStringAsync(new Uri(page.QuerySelector(".tools a")!.GetAttribute("href")!, UriKind.Relative));
        Assert.That(csv.Trim().Split('\n'), Has.Length.EqualTo(251));
    }

    [TestCase("/metrics/nope/working?period=2026-W46", "There is no metric 'nope'.")]
    [TestCase("/metrics/visits/working", "'' is no week of the calendar.")]
    [TestCase("/metrics/visits/working?period=2026-W99", "'2026-W99' is no week of the calendar.")]
    [TestCase("/metrics/visits/working?grain=eon&period=2026-W46", "'eon' is no grain. Use day, week, month, quarter or year.")]
    [TestCase("/metrics/visits/working?period=2026-W46&planet=Mars", "'visits' is not stored by 'planet'.")]
    [TestCase("/metrics/visits?as_of=soon", "'soon' is no day and no instant. Use one such as 2026-11-09 or 2026-11-09T06:00:00Z.")]
    public async Task What_cannot_be_is_a_404_that_says_so(string address, string sentence)
    {
        var page = await _dashboard.PageAsync(address, HttpStatusCode.NotFound);

        Assert.That(page.QuerySelector(".empty p")!.TextContent, Is.EqualTo(sentence));
    }

    [TestCase("/metrics/visits/working.csv?period=2026-W99", HttpStatusCode.BadRequest)]
    [TestCase("/metrics/visits/working.exe?period=2026-W46", HttpStatusCode.NotFound)]
    [TestCase("/metrics/visits.csv?as_of=soon", HttpStatusCode.BadRequest)]
    public async Task A_file_that_cannot_be_is_refused(string address, HttpStatusCode expected)
    {
        using var response = await _dashboard.Http.GetAsync(new Uri(address, UriKind.Relative));
        Assert.That(response.StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_late_correction_shows_what_was_said_then_and_what_is_said_now()
    {
        await using var corrected = await RunningDashboard.StartAsync();
        corrected.Clock.Now = DateTimeOffset.Parse("2026-11-18T09:00:00Z", CultureInfo.InvariantCulture);
        await corrected.Services.GetRequiredService<ISeriesStore>().WriteAsync(
            [new SeriesPoints(new SeriesKey("visits", Grain.Day, Segment.Of(("region", "EU"))), [new Point(Day("2026-11-04"), 25)])],
            new WriteStamp(corrected.Clock.Now, "sync 7 of site"), CancellationToken.None);

        var then = await corrected.PageAsync("/metrics/visits?as_of=2026-11-16");
        Assert.That(then.QuerySelector(".note")!.TextContent, Does.Contain("As it was known on Mon 16 Nov 2026 23:59").And.Contain("Back to now"));
        Assert.That(then.QuerySelector(".note a")!.GetAttribute("href"), Is.EqualTo("/metrics/visits?grain=week"));
        Assert.That(Value(then, "W45"), Is.EqualTo("70"));
        Assert.That(then.QuerySelectorAll("#restated tbody data").Select(data => data.TextContent), Is.EqualTo(new[] { "70", "85", "+15" }));
        Assert.That(then.QuerySelector("#restated li")!.TextContent, Does.Match(@"Wed 4 Nov 2026, EU:\s+10 → 25\s+on Wed 18 Nov 10:00, sync 7 of site"));
        Assert.That(then.QuerySelectorAll("#periods a"), Is.Empty, "a working is of the records of now");
        Assert.That(then.QuerySelectorAll("nav.segments a, .tools a").Select(link => link.GetAttribute("href")), Is.All.Contains("as_of=2026-11-16"));

        var now = await corrected.PageAsync("/metrics/visits");
        Assert.That(Value(now, "W45"), Is.EqualTo("85"));
        Assert.That(now.QuerySelectorAll("#restated tbody data").Select(data => data.TextContent), Is.EqualTo(new[] { "70", "85", "+15" }));
        Assert.That(now.QuerySelector(".note"), Is.Null);
        Assert.That(now.QuerySelector(".restated-mark"), Is.Not.Null);

        var csv = await corrected.Http.GetStringAsync(new Uri("/metrics/visits.csv?grain=week&as_of=2026-11-16T12:00:00Z", UriKind.Relative));
        Assert.That(csv, Does.Contain("visits,2026-11-02,2026-11-08,70,"));
    }

    [Test]
    public async Task Before_anything_was_known_there_is_nothing_to_show()
    {
        var page = await _dashboard.PageAsync("/metrics/visits?as_of=2026-11-01");

        Assert.That(page.QuerySelector(".empty")!.TextContent, Does.Contain("Nothing was known of Visits then."));
    }

    [Test]
    public async Task The_parts_of_a_sum_have_shares_and_a_total()
    {
        var page = await _dashboard.PageAsync("/metrics/visits");

        Assert.That(page.QuerySelector("#breakdown [aria-current]")!.TextContent, Is.EqualTo("region"), "the first dimension is shown unasked");
        Assert.That(Cells(page.QuerySelector("#breakdown tbody tr")!), Does.StartWith("EU|84|100.0%|"));
        Assert.That(Cells(page.QuerySelector("#breakdown tfoot tr")!), Does.StartWith("Total|84|100.0%|"));
        Assert.That(page.QuerySelector("#breakdown svg.bar-in rect")!.GetAttribute("width"), Is.EqualTo("100"));
    }

    [Test]
    public async Task The_chart_says_its_message_and_its_keys_once_for_each_size()
    {
        var page = await _dashboard.PageAsync("/metrics/late");

        Assert.That(page.QuerySelector("figcaption .message")!.TextContent, Is.EqualTo("Late one: 21 in W45 · 2–8 Nov 2026, unchanged on the week before."));
        Assert.That(page.QuerySelectorAll("figcaption .key").Select(key => key.TextContent), Is.EqualTo(new[] { "Late one", "Incomplete" }));
        Assert.That(page.QuerySelectorAll("svg[role=img]").Select(svg => svg.ClassName), Is.EqualTo(new[] { "trend wide", "trend narrow" }));
    }

    [Test]
    public async Task What_was_promised_is_in_the_headline_the_chart_the_table_and_the_pace()
    {
        await using var promised = await RunningDashboard.StartAsync("targets/2026.csv", """
            metric,version,grain,period,value
            visits,budget,week,2026-W45,70
            visits,budget,week,2026-W46,90
            visits,budget,month,2026-10,310
            visits,budget,month,2026-11,600
            visits,budget,month,2026-12,620
            """);

        var page = await promised.PageAsync("/metrics/visits");
        Assert.That(page.QuerySelector(".title .chip")!.TextContent, Is.EqualTo("! At risk"));
        Assert.That(page.QuerySelector(".head p")!.TextContent, Does.Contain("· 93.3\u00A0% of the week's target"));
        Assert.That(page.QuerySelector(".key.target-key"), Is.Not.Null);
        Assert.That(page.QuerySelectorAll("svg.wide line.target"), Is.Not.Empty);
        var against = page.QuerySelectorAll("#periods .against").Take(2);
        Assert.That(against.Select(cell => cell.TextContent), Is.EqualTo(new[] { "! At risk", "✓ On track" }));
        var paces = page.QuerySelectorAll(".paces > div").Select(pace =>
            string.Join(' ', pace.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        Assert.That(paces, Is.EqualTo(new[]
        {
            "Nov 2026 ✕ Off track To date164 of 300 by now At this pace328 of 600 Needed29.1 a day 15 of 30 days known, 50 %",
            "Q4 2026 from months of the budget ✕ Off track To date474 of 705 by now At this pace948 of 1,410 "
                + "Likely939 – 957, 80 % interval, from how much 46 days of it varied Needed142 a week 46 of 92 days known, 50 %",
        }), "two weeks of November have targets of their own; of the year most months have none");
        Assert.That(page.QuerySelector(".paces > p a")!.GetAttribute("href"), Is.EqualTo("/targets/review?metric=visits"));

        var then = await promised.PageAsync("/metrics/visits?as_of=2026-11-16");
        Assert.That(then.QuerySelector(".paces"), Is.Null);
        Assert.That(then.QuerySelector("#periods .against"), Is.Not.Null);
        Assert.That((await promised.PageAsync("/metrics/churned")).QuerySelector(".target-key, .promises, .paces, .title .chip"), Is.Null);
    }

    private static string Value(IHtmlDocument page, string period) =>
        page.QuerySelectorAll("#periods tbody tr").Single(row => row.TextContent.Contains(period + " ·", StringComparison.Ordinal)).QuerySelector("data")!.TextContent;

    private static string Cells(IElement row) => string.Join('|', row.Children.Select(cell => cell.TextContent.Trim()));

    private static IEnumerable<DateOnly> Days(string first, int count) => Enumerable.Range(0, count).Select(i => Day(first).AddDays(i));

    private static DateOnly Day(string text) => DateOnly.Parse(text, CultureInfo.InvariantCulture);

    private static Record Visits(DateOnly day, string region, int value)
    {
        var body = System.Text.Json.JsonSerializer.Serialize(new { metric = "visits", at = $"{day:yyyy-MM-dd}", value, dims = new { region } });
        return new Record($"{day:yyyy-MM-dd}\u001F{region}", body, Encoding.UTF8.GetBytes(body), 1);
    }

    private Task AppendAsync(Record[] records, RunningDashboard? to = null) =>
        (to ?? _dashboard).Services.GetRequiredService<IRecordStore>().AppendAsync(
            new StreamId("site", "visits"), new ReadMark(2, 2), records, [], "y", (to ?? _dashboard).Clock.Now, 1, CancellationToken.None);
}
