namespace Ingestion.Worker.Sample;

/// <summary>What marketing counts day by day and channel by channel, already added up: leads, the qualified among them, and spending.</summary>
internal static class Leads
{
    public const double PerWeek = 232;

    private static readonly Dictionary<string, double> Qualified = new(StringComparer.Ordinal)
    {
        ["organic"] = 0.31, ["paid_search"] = 0.22, ["referral"] = 0.44, ["partner"] = 0.48, ["direct"] = 0.27,
    };

    public static void Write(SampleFolder folder, Timeline timeline, IReadOnlyList<LedgerMonth> months)
    {
        var dice = new Dice("leads");
        using var csv = folder.Csv("data/leads.csv", ["date", "channel", "leads", "qualified_leads", "ad_spend"]);
        foreach (var day in timeline.Days())
        {
            var month = months.FirstOrDefault(one => one.Contains(day)) ?? months[0];
            foreach (var (channel, weight) in Signup.Channels)
            {
                var leads = dice.Count(weight * PerWeek / 7 * Demand.Buying(timeline, day));
                var qualified = Enumerable.Range(0, leads).Count(_ => dice.Chance(Qualified[channel]));
                csv.Row(
                    CsvFile.Day(day), channel, CsvFile.Number(leads), CsvFile.Number(qualified),
                    CsvFile.Money(month.SpendOn(day, channel)));
            }
        }
    }
}
