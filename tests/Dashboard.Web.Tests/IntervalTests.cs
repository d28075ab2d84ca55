using NUnit.Framework;

namespace Dashboard.Web.Tests;

/// <summary>A figure that was asked of some people is shown with how far it can be trusted, and not judged where that is not far.</summary>
public sealed class IntervalTests
{
    [TestCase(30, "95\u00A0%: 4.1% to 16.2%, n = 84", false)]
    [TestCase(500, "n = 84, too few to judge (95\u00A0%: 4.1% to 16.2%)", true)]
    public async Task Its_interval_and_answers_stand_beside_it_on_its_page_and_its_tile(int minimum, string words, bool tooFew)
    {
        await using var dashboard = await RunningDashboard.StartAsync("metrics/asked.yaml", $$"""
            metrics:
              - id: liked
                name: Liked
                unit: percent
                formula: churned / visits
                interval: { kind: share, part: churned, answers: visits, minimum_n: {{minimum}} }
            """);
        dashboard.Write("boards/asked.yaml", "id: asked\nname: Asked\nsections: [{ name: S, tiles: [{ metric: liked }] }]\n");
        dashboard.Write("targets/asked.csv", "metric,version,grain,period,value\nliked,budget,week,2026-W46,50%\n");

        var tile = (await dashboard.PageAsync("/boards/asked?week=2026-W46")).QuerySelector("article.card")!;
        Assert.That(tile.QuerySelector(".interval")!.TextContent, Is.EqualTo(words));
        Assert.That(tile.QuerySelector(".value")!.ClassList, tooFew ? Does.Contain("few") : Does.Not.Contain("few"));
        Assert.That(tile.QuerySelector(".chip")!.TextContent, Does.Contain(tooFew ? "Too few" : "Off track"));
        Assert.That(tile.QuerySelectorAll(".delta.good, .delta.bad"), tooFew ? Is.Empty : Is.Not.Empty);

        var page = await dashboard.PageAsync("/metrics/liked?grain=week");
        Assert.That(page.QuerySelector(".head .interval")!.TextContent, Is.EqualTo(words));
        Assert.That(page.QuerySelectorAll(".head .chip"), tooFew ? Is.Empty : Is.Not.Empty);
        Assert.That(page.QuerySelector("#periods tbody .interval")!.TextContent, Is.EqualTo(words));
    }
}
