using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Alerts;
using Metrics.Core.Boards;
using Metrics.Core.Drivers;
using Metrics.Core.Findings;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Targets;
using Metrics.Core.Tests.Periods;
using Metrics.Core.Tests.Series;
using NUnit.Framework;

namespace Metrics.Core.Tests.Findings;

/// <summary>What needs a decision on a board of W46 2026, 9 to 15 November, looked at on the Monday after.</summary>
public sealed class FindingReaderTests
{
    private const string Metrics = """
        metrics:
          - { id: won, name: Won, unit: currency, missing: zero, dimensions: [plan] }
          - { id: lost, name: Lost, unit: currency, missing: zero, dimensions: [plan], direction: down }
          - { id: net, name: Net, unit: currency, formula: won - lost }
          - { id: visits, name: Visits, unit: count, missing: zero, dimensions: [region] }
          - { id: signups, name: Signups, unit: count, missing: zero }
          - { id: leads, name: Leads, unit: count, missing: zero }
          - { id: spend, name: Spend, unit: currency, missing: zero, dimensions: [channel], direction: range }
          - { id: late, name: Late, unit: count, over_time: sum }
          - { id: mrr, name: MRR, unit: currency, over_time: last }
        """;

    // Around 0 without trend, without a memory and without a season.
    private static readonly int[] Noise = [3, -2, -4, 2, 5, -3, 1, 4, -5, 0, -1, 4, -3, 2, -4, 5, 1, -2, 3, -5, 4, -1, -3, 2];

    private static readonly Period Week = Some.Days("2026-11-09..2026-11-15");

    private readonly List<Target> _targets = [];
    private Company _company = null!;
    private FindingReader _reader = null!;

    [SetUp]
    public void Open()
    {
        _company = new Company(Metrics, "2026-11-16T08:00:00Z", Some.Calendar());
        _targets.Clear();
        var figures = new MetricReader(_company.Store, _company.Watermarks, _company.Clock);
        _reader = new FindingReader(new DriverReader(figures), figures, new RestatedReader(figures, _company.Store, _company.Watermarks));
    }

    [TearDown]
    public void Close() => _company.Dispose();

    [Test]
    public async Task A_figure_below_its_limit_says_that_it_is_no_noise_and_what_made_it_fall()
    {
        await FillAsync("won", 1000, last: 900, "plan", "Enterprise");
        await FillAsync("lost", 400, last: 900, "plan", "Enterprise");
        await FillAsync("lost", 100, last: 140, "plan", "Pro");

        var finding = (await ReadAsync("net")).All.Single();

        Assert.That(finding.Headline, Is.EqualTo("Net fell to −$140"));
        Assert.That(Words(finding), Is.EqualTo(
            "Net fell to −$140, below its lower limit of $486: not noise. Lost explains 85 % of the drop; 93 % of it is in Enterprise (plan)."));
        Assert.That((finding.Strength, finding.IsGoodNews, finding.Key.Text), Is.EqualTo((FindingStrength.Strong, false, "net")));
    }

    [TestCase(300, "Spend $310, above its upper limit of $228: not noise.")]
    [TestCase(100, "Spend rose to $310, above its upper limit of $228: not noise. 88 % of the rise is in paid (channel).")]
    public async Task What_made_a_figure_fall_does_not_explain_that_it_is_too_high(int before, string sentence)
    {
        await FillAsync("spend", i => i switch { 39 => 200, 38 => before, _ => 100 + Noise[i % Noise.Length] }, "channel", "paid");
        await FillAsync("spend", 100, last: 110, "channel", "events");

        Assert.That(Words((await ReadAsync("spend")).All.Single()), Is.EqualTo(sentence));
    }

    [Test]
    public async Task A_missed_target_stands_beside_the_week_before()
    {
        await FillAsync("visits", 100, last: 90, "region", "EU");
        Plan("visits", "2026-W46", 110);

        Assert.That(Words((await ReadAsync("visits")).All.Single()), Is.EqualTo("Visits 90, 81.8 % of 110; down 6.3 percent on W45."));
    }

    [Test]
    public async Task A_run_goes_on_in_the_sentence_of_the_target()
    {
        await FillAsync("visits", i => i < 32 ? 100 + Noise[i % Noise.Length] : 98);
        Plan("visits", "2026-W46", 100);

        var finding = (await ReadAsync("visits")).All.Single();

        Assert.That(Words(finding), Is.EqualTo("Visits 98, 98 % of 100; 8 weeks in a row below the mean of 100: a shift since W39."));
        Assert.That(finding.Reasons.Select(reason => reason.Name), Is.EqualTo(new[] { "target", "signal" }));
    }

    [Test]
    public async Task A_month_that_lands_short_says_where_and_how_sure_that_is()
    {
        await FillAsync("visits", 100, last: 100, "region", "EU");
        Plan("visits", "2026-11", 420);

        var findings = await ReadAsync("visits");

        Assert.That(Words(findings.All.Single()), Does.Match(@"^Visits is pacing to 392 by 30 Nov, 28 short of target; 80 % interval 3\d\d – [45]\d\d\.$"));
        Assert.That(findings.Standing.Longer.Single(longer => longer.Elapsed.Name == "Nov 2026").Plans.Single().Tile.Name, Is.EqualTo("Visits"));
    }

    [Test]
    public async Task A_stock_is_held_against_its_path_because_it_began_near_its_plan()
    {
        await _company.WriteAsync(Mrr("2026-10-01..2026-11-15", 2_400_000));
        await _company.KnownAsync("2026-10-01", "2026-11-16", "mrr");
        Plan("mrr", "2026-11", 2_520_000);

        var standing = (await ReadAsync("mrr")).Standing;

        var share = standing.Longer.Single(longer => longer.Elapsed.Name == "Nov 2026").Plans.Single();
        Assert.That((double)share.Share, Is.EqualTo(2.40 / 2.46).Within(1e-9), "half of the way from 2.40M to 2.52M should be behind it");
        Assert.That(share.Expected, Is.EqualTo(1));
    }

    [Test]
    public async Task Late_data_say_how_much_is_known()
    {
        await _company.WriteAsync(new SeriesPoints(
            SomeSeries.Key("late"), [.. Some.DaysFrom(Some.Day("2026-09-07"), Some.Day("2026-11-14")).Select(day => new Point(day, 3))]));
        await _company.KnownAsync("2026-09-07", "2026-11-14", "late");

        Assert.That(Words((await ReadAsync("late")).All.Single()), Is.EqualTo("Late is not current: 5 of 7 days are known, 15 so far."));
    }

    [TestCase("W46", "Signups 150 in W46 is above 120, alert since W46; above its upper limit of 114: not noise.")]
    [TestCase("W44", "Signups 150, alert since W44: Signups 150 in W46 is above 120; above its upper limit of 114: not noise.")]
    public async Task An_alert_leads_and_the_signal_goes_on(string since, string sentence)
    {
        await FillAsync("signups", 100, last: 150);

        var finding = (await ReadAsync([Firing("signups", Severity.Warning, since, "Signups 150 in W46 is above 120")], "signups")).All.Single();

        Assert.That(Words(finding), Is.EqualTo(sentence));
        Assert.That((finding.Strength, finding.LeadingAlert!.Rule), Is.EqualTo((FindingStrength.Warning, "signups_rule")));
    }

    [Test]
    public async Task A_figure_that_people_saw_and_that_is_another_one_now_is_told_with_both()
    {
        await SeenAndRestatedAsync();

        var findings = await ReadAsync("mrr");

        Assert.That(Words(findings.All.Single()), Is.EqualTo("W45 MRR was restated from $2.462M to $2.466M on 16 Nov."));
        Assert.That(findings.Restated.Select(figure => (figure.Label, figure.Then, figure.Now)), Is.EqualTo(new[] { ("W45", 2_462_000m, 2_466_000m) }));
        Assert.That(findings.LookedAtOn, Is.EqualTo(Week.Start));
    }

    [Test]
    public async Task What_was_restated_before_people_looked_or_was_not_complete_then_is_no_news()
    {
        _company.Clock.Now = Some.Instant("2026-11-02T06:00:00Z");
        await _company.WriteAsync(Mrr("2026-10-01..2026-11-01", 2_400_000));
        await _company.KnownAsync("2026-10-01", "2026-11-02", "mrr");
        _company.Clock.Now = Some.Instant("2026-11-03T06:00:00Z");
        await _company.WriteAsync(Mrr("2026-11-01..2026-11-01", 2_410_000));
        _company.Clock.Now = Some.Instant("2026-11-16T06:00:00Z");
        await _company.WriteAsync(Mrr("2026-11-02..2026-11-15", 2_462_000));
        await _company.KnownAsync("2026-10-01", "2026-11-16", "mrr");

        Assert.That((await ReadAsync("mrr")).Restated, Is.Empty);
    }

    [Test]
    public async Task Good_news_comes_last_and_the_strongest_bad_news_first()
    {
        await FillAsync("signups", 100, last: 150);
        await FillAsync("visits", 100, last: 50, "region", "EU");
        await FillAsync("leads", 100, last: 100);
        await FillAsync("won", 1000, last: 1000, "plan", "Pro");
        Plan("leads", "2026-W46", 105);
        Plan("won", "2026-W46", 2000);

        var findings = (await ReadAsync([Firing("won", Severity.Info, "W46", "")], "signups", "leads", "won", "visits")).All;

        Assert.That(findings.Select(finding => (finding.Key.Text, finding.Strength)), Is.EqualTo(new[]
        {
            ("visits", FindingStrength.Strong), ("won", FindingStrength.OffTrack), ("leads", FindingStrength.AtRisk), ("signups", FindingStrength.GoodNews),
        }));
        Assert.That(Words(findings[^1]), Is.EqualTo("Signups rose to 150, above its upper limit of 114: not noise."));
        Assert.That(findings[1].Reasons.Select(reason => reason.Name), Is.EqualTo(new[] { "target", "alert" }));
    }

    [Test]
    public async Task Of_the_same_strength_the_most_money_comes_first_then_the_largest_gap()
    {
        foreach (var metric in new[] { "won", "lost", "visits", "leads" })
            await FillAsync(metric, 100, last: 100, metric switch { "visits" => "region", "won" or "lost" => "plan", _ => null }, "A");
        Plan("won", "2026-W46", 200);
        Plan("lost", "2026-W46", 20);
        Plan("visits", "2026-W46", 150);
        Plan("leads", "2026-W46", 300);

        Assert.That((await ReadAsync("visits", "leads", "lost", "won")).All.Select(finding => finding.Key.Text), Is.EqualTo(new[] { "won", "lost", "leads", "visits" }));
    }

    [Test]
    public async Task A_board_shows_seven_and_explains_only_those()
    {
        foreach (var region in Enumerable.Range(0, 9))
            await FillAsync("visits", 100 + region, last: 40, "region", $"R{region}");
        Plan("visits", "2026-W46", 1000);
        Tile[] tiles = [.. Enumerable.Range(0, 9).Select(region => Tiled("visits", $"R{region}"))];

        var findings = await _reader.ReadAsync(await BoardAsync(tiles), _company.Calendar, _company.Catalog, [], CancellationToken.None);

        Assert.That((findings.All.Count, findings.Shown.Count(), findings.More), Is.EqualTo((9, 7, 2)));
    }

    [Test]
    public async Task Each_alert_stands_at_the_tile_that_it_is_about()
    {
        await FillAsync("visits", 100, last: 100, "region", "EU");
        await FillAsync("visits", 100, last: 100, "region", "US");
        var board = await BoardAsync(Tiled("visits", "US"), Tiled("visits", "EU"), new Tile { Metric = "visits" });

        var findings = await _reader.ReadAsync(
            board, _company.Calendar, _company.Catalog,
            [
                Firing("visits", Severity.Warning, "W46", "EU falls") with { Segment = Segment.Of([("region", "EU")]) },
                Firing("visits", Severity.Critical, "W46", "All fall"), Firing("nothing", Severity.Critical, "W46", "Elsewhere"),
            ], CancellationToken.None);

        Assert.That(findings.All.Select(finding => (finding.Key.Text, finding.Headline)), Is.EqualTo(new[] { ("visits", "All fall"), ("visits:region=EU", "EU falls") }));
    }

    [Test]
    public async Task A_board_of_a_segment_speaks_of_the_segment_alone()
    {
        await FillAsync("visits", 100, last: 40, "region", "EU");
        await FillAsync("visits", 100, last: 100, "region", "US");
        await FillAsync("signups", 100, last: 40);

        var findings = await _reader.ReadAsync(
            await BoardAsync(Segment.Of([("region", "EU")]), new Tile { Metric = "visits" }, new Tile { Metric = "signups" }),
            _company.Calendar, _company.Catalog, [Firing("visits", Severity.Critical, "W46", "All fall")], CancellationToken.None);

        Assert.That(findings.All.Select(finding => (finding.Key.Text, finding.Headline)), Is.EqualTo(new[] { ("visits:region=EU", "Visits fell to 40") }));
    }

    [Test]
    public async Task The_order_of_the_tiles_does_not_matter()
    {
        foreach (var metric in new[] { "signups", "leads" })
            await FillAsync(metric, 100, last: 50);
        await FillAsync("visits", 100, last: 150, "region", "EU");
        await FillAsync("won", 1000, last: 500, "plan", "Pro");
        await FillAsync("lost", 1000, last: 1500, "plan", "Pro");
        await SeenAndRestatedAsync();
        Plan("leads", "2026-W46", 100);
        var board = await BoardAsync([.. new[] { "signups", "leads", "visits", "won", "lost", "net", "mrr" }.Select(metric => new Tile { Metric = metric })]);
        FiringAlert[] firing = [Firing("signups", Severity.Warning, "W46", "Signups fell"), Firing("net", Severity.Warning, "W45", "Net fell")];
        var expected = await SentencesAsync(board);

        Assert.That(expected, Has.Length.EqualTo(7));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(20), Prop.ForAll(Gen.Shuffle(board.Tiles.ToArray()).ToArbitrary(), tiles =>
            SentencesAsync(board with { Sections = [new SectionSnapshot("All", tiles)] }).GetAwaiter().GetResult().SequenceEqual(expected)));

        async Task<string[]> SentencesAsync(BoardSnapshot shown) =>
            [.. (await _reader.ReadAsync(shown, _company.Calendar, _company.Catalog, firing, CancellationToken.None)).All.Select(finding => finding.Sentence)];
    }

    [Test]
    public async Task A_snapshot_is_read_once_until_other_alerts_fire()
    {
        await FillAsync("signups", 100, last: 50);
        var board = await BoardAsync(new Tile { Metric = "signups" });
        FiringAlert[] firing = [Firing("signups", Severity.Warning, "W46", "Signups fell")];

        var first = await _reader.ReadAsync(board, _company.Calendar, _company.Catalog, firing, CancellationToken.None);
        var again = await _reader.ReadAsync(board, _company.Calendar, _company.Catalog, [firing[0] with { }, Firing("visits", Severity.Info, "W46", "")], CancellationToken.None);
        var after = await _reader.ReadAsync(board, _company.Calendar, _company.Catalog, [], CancellationToken.None);

        Assert.That(again, Is.SameAs(first));
        Assert.That((first.All[0].Strength, after.All[0].Strength), Is.EqualTo((FindingStrength.Warning, FindingStrength.Strong)));
    }

    private static string Words(Finding finding) => finding.Sentence.Replace('\u00A0', ' ');

    private static FiringAlert Firing(string metric, Severity severity, string since, string sentence) =>
        new(metric + "_rule", metric, Grain.Week, Segment.Total, severity, since, AlertState.Firing, sentence);

    private static Tile Tiled(string metric, string region) =>
        new() { Metric = metric, Filter = new Dictionary<string, IReadOnlyList<string>> { ["region"] = [region] } };

    private static SeriesPoints Mrr(string days, double value) => new(
        SomeSeries.Key("mrr"), [.. Some.DaysFrom(Some.Days(days).Start, Some.Days(days).End).Select(day => new Point(day, value))]);

    /// <summary>W45 is 2.462 million when the board is looked at on 9 November, and 2.466 million a week later.</summary>
    private async Task SeenAndRestatedAsync()
    {
        var now = _company.Clock.Now;
        _company.Clock.Now = Some.Instant("2026-11-09T06:00:00Z");
        await _company.WriteAsync(Mrr("2026-10-26..2026-11-08", 2_462_000));
        await _company.KnownAsync("2026-10-26", "2026-11-09", "mrr");
        _company.Clock.Now = now;
        await _company.WriteAsync(Mrr("2026-11-08..2026-11-15", 2_466_000));
        await _company.KnownAsync("2026-10-26", "2026-11-16", "mrr");
    }

    /// <summary>Forty weeks around a value, and the last one.</summary>
    private Task FillAsync(string metric, int around, int last, string? dimension = null, string value = "") =>
        FillAsync(metric, i => i == 39 ? last : around + Noise[i % Noise.Length], dimension, value);

    private async Task FillAsync(string metric, Func<int, int> of, string? dimension = null, string value = "")
    {
        var key = dimension is null && metric == "visits" ? SomeSeries.Key(metric, ("region", "EU")) : dimension is null ? SomeSeries.Key(metric) : SomeSeries.Key(metric, (dimension, value));
        var first = Week.Start.AddDays(-7 * 39);
        await _company.WriteAsync(key.With([.. Enumerable.Range(0, 40).Select(i => (first.AddDays(7 * i).ToString("O", null), (double)of(i)))]));
        await _company.KnownAsync(first.ToString("O", null), "2026-11-16", metric);
    }

    private void Plan(string metric, string period, decimal value)
    {
        Assert.That(_company.Calendar.TryParse(period, out var grain, out var days), Is.True);
        _targets.Add(new Target(metric, Target.DefaultVersion, grain, days!, Segment.Total, value, null, "targets/a.csv", 2));
    }

    private Task<BoardFindings> ReadAsync(params string[] metrics) => ReadAsync([], metrics);

    private async Task<BoardFindings> ReadAsync(FiringAlert[] firing, params string[] metrics) => await _reader.ReadAsync(
        await BoardAsync([.. metrics.Select(metric => new Tile { Metric = metric })]), _company.Calendar, _company.Catalog, firing, CancellationToken.None);

    private Task<BoardSnapshot> BoardAsync(params Tile[] tiles) => BoardAsync(Segment.Total, tiles);

    private Task<BoardSnapshot> BoardAsync(Segment segment, params Tile[] tiles) => new BoardBuilder(
            new MetricReader(_company.Store, _company.Watermarks, _company.Clock), new KnownDays(_company.Store, _company.Watermarks), _company.ModelStates,
            _company.Processes, _company.Clock)
        .BuildAsync(
            new Board("test", "Test", Grain.Week, [new BoardSection("All", tiles)], "boards/test.yaml", 1), _company.Calendar, _company.Catalog,
            new TargetBook(_targets), new BoardQuery { Period = Week, Segment = segment }, CancellationToken.None);
}
