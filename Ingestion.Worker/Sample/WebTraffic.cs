namespace Ingestion.Worker.Sample;

/// <summary>The website's own daily figures by region, already added up: this source brings metric values, not records.</summary>
internal static class WebTraffic
{
    public static void Write(SampleFolder folder, Timeline timeline, IEnumerable<Trial> trials)
    {
        var dice = new Dice("website");
        var started = trials.CountBy(trial => (trial.Start, trial.Region)).ToDictionary();

        using var csv = folder.Csv("data/web_traffic.csv", ["date", "region", "visits", "trial_starts"]);
        foreach (var day in timeline.Days())
        {
            foreach (var (region, weight) in Regions.Weighted)
            {
                var visits = dice.Count(weight * 820 * Demand.Buying(timeline, day) * dice.Between(0.92, 1.08));
                csv.Row(CsvFile.Day(day), region, CsvFile.Number(visits), CsvFile.Number(started.GetValueOrDefault((day, region))));
            }
        }
    }
}
