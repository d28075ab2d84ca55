namespace Ingestion.Worker.Sample;

/// <summary>A publisher's estimate of the whole market, by quarter, for the quarters that are over.</summary>
internal static class MarketSize
{
    public static void Write(SampleFolder folder, Timeline timeline)
    {
        var dice = new Dice("market");
        using var csv = folder.Csv("data/market_size.csv", ["period", "value", "currency", "publisher"]);

        var value = 84_000_000.0;
        var first = new DateOnly(timeline.First.Year, 3 * ((timeline.First.Month - 1) / 3) + 1, 1);
        for (var quarter = first; quarter.AddMonths(3) <= timeline.Last.AddDays(1); quarter = quarter.AddMonths(3))
        {
            // Publishers round.
            csv.Row(CsvFile.Day(quarter), CsvFile.Number((long)(value / 100_000) * 100_000), "USD", "Sample Research");
            value *= dice.Between(1.018, 1.034);
        }
    }
}
