namespace Ingestion.Worker.Sample;

/// <summary>The website's own daily figures by region, already added up: this source brings metric values, not records.</summary>
internal static class WebTraffic
{
    public static void Write(SampleFolder folder, Timeline timeline, IEnumerable<Signup> signups)
    {
        var dice = new Dice("website");
        var signedUp = signups.CountBy(signup => (signup.Day, signup.Region)).ToDictionary();

        using var csv = folder.Csv("data/web_traffic.csv", ["date", "region", "visits", "trial_starts"]);
        foreach (var day in timeline.Days())
        {
            foreach (var (region, weight) in Regions.Weighted)
            {
                var visits = dice.Count(weight * 820 * Demand.Buying(timeline, day) * dice.Between(0.92, 1.08));

                // A trial starts with a signup; a few sign up without one.
                var trials = Enumerable.Range(0, signedUp.GetValueOrDefault((day, region))).Count(_ => dice.Chance(0.87));
                csv.Row(CsvFile.Day(day), region, CsvFile.Number(visits), CsvFile.Number(trials));
            }
        }
    }
}
