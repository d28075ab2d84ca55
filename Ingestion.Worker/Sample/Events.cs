using System.Globalization;

namespace Ingestion.Worker.Sample;

/// <summary>What the company wrote down of its story: the events that stand under the charts.</summary>
internal static class Events
{
    private const string Acquisition = "[website_visits, leads, signups, trial_starts]";

    public static void Write(SampleFolder folder, Timeline timeline)
    {
        // The newest September that is over.
        var september = new DateOnly(timeline.Last.Month > 9 ? timeline.Last.Year : timeline.Last.Year - 1, 9, 1);
        var fair = timeline.LastWeek.AddDays(-13);
        folder.Text("annotations/events.yaml", $$"""
            # What happened, for everybody who asks why a figure moved. A page and programs can add to it.
            annotations:
              - id: price-change
                day: {{Day(timeline.PriceChange)}}
                title: New prices for Team and Business
                text: New customers pay them from this day on, the others from their next renewal.
                kind: price
                metrics: [mrr, net_new_mrr, mrr_expansion, mrr_churn, arpa]
                link: https://example.com/pricing
              - id: outage
                first: {{Day(timeline.Outage)}}
                last: {{Day(timeline.Outage.AddDays(4))}}
                title: Product down for most of the week
                text: A storage migration failed and was rolled back on Friday.
                kind: incident
                link: https://example.com/status/storage-migration
              - id: campaign-september
                first: {{Day(september)}}
                last: {{Day(september.AddDays(20))}}
                title: Back-to-work campaign
                kind: campaign
                metrics: {{Acquisition}}
              - id: new-onboarding
                day: {{Day(timeline.NewOnboarding)}}
                title: New onboarding
                text: A first project is set up together, step by step. Whoever signed up before sees the old one.
                kind: release
                metrics: [activation_rate_7d, activation_rate_settled, project_adoption]
                link: https://example.com/releases/onboarding
              - id: fair-munich
                first: {{Day(fair)}}
                last: {{Day(fair.AddDays(2))}}
                title: Trade fair in Munich
                kind: market
                metrics: [brand_searches, leads, website_visits]
              - id: enterprise-dach
                day: {{Day(timeline.LastWeek.AddDays(2))}}
                title: Three Enterprise accounts in DACH give notice
                text: Their common purchasing decided for one vendor. Two leave, one takes a smaller plan.
                kind: market
                metrics: [mrr, net_new_mrr, mrr_churn, customers]
                segment: { region: DACH }
              - id: analytics-late
                first: {{Day(timeline.LastActivity.AddDays(1))}}
                last: {{Day(timeline.Last)}}
                title: Product analytics delivers late
                kind: data
                metrics: [active_users, mau_28d, stickiness, events_per_user]

            """);
    }

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
