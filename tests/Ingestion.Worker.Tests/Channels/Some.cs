using Metrics.Core.Alerts;
using Metrics.Core.Series;

namespace Ingestion.Worker.Tests.Channels;

/// <summary>Notifications and deliveries that tests change in what they are about.</summary>
internal static class Some
{
    public static Notification Notification() => new()
    {
        Id = "net_new_mrr_low/{}/week/2026-11-09/firing",
        Reason = NotificationReason.StartedFiring,
        Severity = Severity.Warning,
        Subject = "[FIRING · warning] Net new MRR $27.6k – below $28.9k (W46)",
        Kicker = "Alert · firing since W46 · warning",
        Headline = "Net new MRR $27.6k: below $28.9k",
        Sentences = ["Net new MRR $27.6k in W46 is below $28.9k.",
            "Week 46 · 9 – 15 November 2026: down 18.1 percent from the previous week."],
        Facts = [new Fact("This week (W46)", "$27.6k"), new Fact("Limit (rule: below)", "$28.9k")],
        Bars = [new ChartBar("W44", 40_000, "$40k", false), new ChartBar("W45", null, "–", false),
            new ChartBar("W46", -27_600, "−$27.6k", true)],
        Limits = [28_900],
        Path = "/metrics/net_new_mrr?grain=week",
        AsOf = "Data as of Mon 16 Nov 2026 06:12 (Europe/Berlin)",
    };

    public static Delivery Delivery(string recipient) => new(
        1, "net_new_mrr_low", Segment.Total, recipient, "You get this because you own Net new MRR.", DeliveryState.Sending, 1, default,
        null, null, "");
}
