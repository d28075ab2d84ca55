using System.Globalization;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Ingestion.Worker.Channels.Email;
using Metrics.Core.Alerts;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Channels.Email;

/// <summary>What a mail shows, as HTML and as text.</summary>
public sealed partial class MailBodyTests
{
    private const string Why = "You get this because you own Net new MRR.";

    [Test]
    public void Both_parts_say_the_same()
    {
        var body = new MailBody(Some.Notification(), Why, new Uri("https://kpi.example.com/"));
        var html = System.Net.WebUtility.HtmlDecode(body.Html());

        foreach (var part in (string[])[html, body.Text()])
        {
            Assert.That(part, Does.Contain("Alert · firing since W46 · warning"));
            Assert.That(part, Does.Contain("Net new MRR $27.6k: below $28.9k"));
            Assert.That(part, Does.Contain("Net new MRR $27.6k in W46 is below $28.9k."));
            Assert.That(part, Does.Contain("This week (W46)"));
            Assert.That(part, Does.Contain("−$27.6k"));
            Assert.That(part, Does.Contain("https://kpi.example.com/metrics/net_new_mrr?grain=week"));
            Assert.That(part, Does.Contain("Data as of Mon 16 Nov 2026 06:12 (Europe/Berlin). You get this because you own Net new MRR."));
        }
    }

    [Test]
    public void The_HTML_needs_no_style_sheet_no_script_and_no_image()
    {
        var html = new MailBody(Some.Notification(), Why, new Uri("https://kpi.example.com")).Html();

        Assert.That(html, Does.Not.Contain("<style").And.Not.Contain("<script").And.Not.Contain("<img").And.Not.Contain("<svg")
            .And.Not.Contain("class="));
        Assert.That(html.Split('\n').Max(line => line.Length), Is.LessThan(8000));
        Assert.That(html.Length, Is.LessThan(100_000), "longer mails are cut off by some programs");
    }

    [Test]
    public void Without_an_address_of_the_dashboard_there_is_no_button()
    {
        var body = new MailBody(Some.Notification(), Why, null);

        Assert.That(body.Html(), Does.Not.Contain("Open metric").And.Not.Contain("href"));
        Assert.That(body.Text(), Does.Not.Contain("Open metric"));
    }

    [Test]
    public void Names_are_shown_and_never_run()
    {
        const string hostile = "<script>alert(1)</script>\" onmouseover=\"x";
        var notification = Some.Notification() with
        {
            Subject = hostile,
            Kicker = hostile,
            Headline = hostile,
            Sentences = [hostile],
            Facts = [new Fact(hostile, hostile)],
            AsOf = hostile,
            Bars = [new ChartBar(hostile, 1, hostile, true)],
            Path = "/metrics/" + hostile,
        };

        var html = new MailBody(notification, hostile, new Uri("https://kpi.example.com")).Html();

        Assert.That(html, Does.Not.Contain("<script").And.Not.Contain("\" onmouseover=\""));
        Assert.That(Regex.Count(html, "&lt;script&gt;", RegexOptions.None, TimeSpan.FromSeconds(5)), Is.EqualTo(11));
    }

    [Test]
    public void The_edge_shows_how_much_it_matters([Values] Severity severity)
    {
        var edges = Enum.GetValues<Severity>().Select(one => EdgeOf(Some.Notification() with { Severity = one })).ToArray();
        var resolved = EdgeOf(Some.Notification() with { Severity = severity, Reason = NotificationReason.Resolved });

        Assert.That(edges, Is.Unique.And.Not.Contains(resolved));
        Assert.That(resolved, Is.EqualTo("#127a45"));
    }

    [Test]
    public void The_bars_of_a_chart_add_up_to_their_figures() =>
        Prop.ForAll(Charts, chart =>
        {
            var notification = Some.Notification() with { Bars = chart.Bars, Limits = chart.Limits };
            if (MailChart.Html(notification) is not { } html)
                return chart.Bars.All(bar => bar.Value is null or 0) && chart.Limits.All(limit => limit == 0);

            var (top, bottom) = (Math.Max(0, chart.Bars.Max(bar => bar.Value ?? 0)), Math.Min(0, chart.Bars.Min(bar => bar.Value ?? 0)));
            (top, bottom) = (Math.Max(top, chart.Limits.Max()), Math.Min(bottom, chart.Limits.Min()));
            var heights = new int[chart.Bars.Length];
            foreach (var band in html.Split('\n').Where(line => line.Contains("valign=", StringComparison.Ordinal)))
            {
                var cells = band.Split("<td height=").Where(cell => cell.Contains("valign=", StringComparison.Ordinal)).ToArray();
                for (var i = 0; i < cells.Length; i++)
                    heights[i] += cells[i].Contains("<table", StringComparison.Ordinal)
                        ? int.Parse(band.Split("valign=")[i + 1].Split("><tr><td height=\"")[1].Split('"')[0],
                        CultureInfo.InvariantCulture) : 0;
            }

            // Each of at most four bands is rounded, and none is thinner than a pixel.
            return chart.Bars.Zip(heights).All(pair =>
                Math.Abs(pair.Second - (double)(Math.Abs(pair.First.Value ?? 0) / (top - bottom)) * 96) <= 4);
        }).QuickCheckThrowOnFailure();

    private static Arbitrary<(ChartBar[] Bars, decimal[] Limits)> Charts { get; } = Arb.From(
        from values in Gen.Choose(-1000, 1100).Select(value => value > 1000 ? null : (int?)value).ArrayOf(13)
        from low in Gen.Choose(-1500, 1500)
        from width in Gen.Choose(1, 500)
        from two in Gen.Elements(true, false)
        select (values.Select(value => new ChartBar("W", value, "v", value > 0)).ToArray(), two ? (decimal[])[low, low + width] : [low]));

    private static string EdgeOf(Notification notification) => Edge().Match(new MailBody(notification, Why, null).Html()).Groups[1].Value;

    [GeneratedRegex("<td height=\"5\" bgcolor=\"([^\"]*)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Edge();
}
