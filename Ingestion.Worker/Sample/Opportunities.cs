namespace Ingestion.Worker.Sample;

/// <summary>The sales pipeline: deals of several weeks or months, about one in four won.</summary>
internal static class Opportunities
{
    public const double PerWeek = 8.4;

    public static void Write(SampleFolder folder, Timeline timeline)
    {
        var dice = new Dice("opportunities");
        var deals = 0;
        using var csv = folder.Csv("data/opportunities.csv",
            ["opportunity_id", "stage", "amount", "currency", "created_date", "expected_close", "closed_date", "won", "region"]);

        foreach (var day in timeline.Days())
        {
            for (var i = Math.Max(day == timeline.Last ? 1 : 0, dice.Count(PerWeek / 7 * Demand.Buying(timeline, day))); i > 0; i--)
            {
                var expected = day.AddDays(30 + dice.Below(75));
                var closed = day.AddDays(12 + (int)(dice.Next() * 60 + dice.Next() * dice.Next() * 110));
                var amount = (long)(600_000 * (1 + 9 * dice.Next() * dice.Next() * dice.Next() + 5 * dice.Next())) / 5_000 * 5_000;
                var won = dice.Chance(0.26);
                var isOpen = closed > timeline.Last;

                csv.Row(
                    CsvFile.Id("o-", ++deals), isOpen ? Stage(timeline.Last.DayNumber - day.DayNumber) : won ? "closed_won" : "closed_lost",
                    CsvFile.Money(amount), "USD", CsvFile.Day(day), CsvFile.Day(expected),
                    isOpen ? "" : CsvFile.Day(closed), isOpen ? "" : won ? "true" : "false", dice.Pick(Regions.Weighted));
            }
        }
    }

    private static string Stage(int age) => age switch
    {
        < 14 => "qualified",
        < 40 => "proposal",
        _ => "negotiation",
    };
}
