namespace Ingestion.Worker.Sample;

/// <summary>
/// A publisher's estimates of the whole market and of the two largest rivals in it, by quarter. Each comes out six weeks after its
/// quarter; one of them was put right with the next.
/// </summary>
internal static class MarketSize
{
    private const string Publisher = "Sample Research";
    private const int DaysLate = 38;
    private const int RevisedQuarter = 6;

    public static void Write(SampleFolder folder, Timeline timeline)
    {
        var dice = new Dice("market");
        using var csv = folder.Csv("data/market_size.csv", ["period", "publisher", "company", "published", "value", "currency", "note"]);

        var value = 84_000_000.0;
        var (leader, follower) = (0.210, 0.118);
        var first = new DateOnly(timeline.First.Year, 3 * ((timeline.First.Month - 1) / 3) + 1, 1);
        var number = 0;
        for (var quarter = first; quarter.AddMonths(3).AddDays(DaysLate) <= timeline.Last; quarter = quarter.AddMonths(3), number++)
        {
            var published = quarter.AddMonths(3).AddDays(DaysLate);
            void Row(string company, double estimate, DateOnly on, string note) =>
                csv.Row(CsvFile.Day(quarter), Publisher, company, CsvFile.Day(on), Rounded(estimate), "USD", note);

            Row("", value * (number == RevisedQuarter ? 1.03 : 1), published, "");
            Row("Northwind", value * leader, published, "");
            Row("Contoso", value * follower, published, "");
            if (number == RevisedQuarter && published.AddMonths(3) is var next && next <= timeline.Last)
                Row("", value, next, "A vendor had been counted twice.");

            value *= dice.Between(1.018, 1.034);
            leader *= dice.Between(0.990, 1.004);
            follower *= dice.Between(0.998, 1.022);
        }
    }

    /// <summary>Publishers round.</summary>
    private static string Rounded(double value) => CsvFile.Number((long)(value / 100_000) * 100_000);
}
