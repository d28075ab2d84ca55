namespace Ingestion.Worker.Sample;

/// <summary>How the market sees the company: searches for it and for what it sells, and what reviewers give it, day by day.</summary>
internal static class BrandWatch
{
    // People look for the kind of software more each year, though less than the company grows.
    private const double CategoryPerDay = 5_400;
    public const double BrandPerDay = 410;
    private const double ReviewsPerDay = 2.1;

    public static void Write(SampleFolder folder, Timeline timeline)
    {
        var dice = new Dice("brand");
        using var csv = folder.Csv("data/brand.csv", ["date", "brand_searches", "category_searches", "reviews", "review_stars"]);
        foreach (var day in timeline.Days())
        {
            var growth = Demand.Growth(timeline, day);
            var season = Demand.Buying(timeline, day) / growth;
            var upset = timeline.IsOutage(day) || timeline.IsAftermath(day);
            var reviews = dice.Count(ReviewsPerDay * growth);
            csv.Row(
                CsvFile.Day(day), CsvFile.Number(dice.Count(BrandPerDay * growth * season * dice.Between(0.96, 1.04))),
                CsvFile.Number(dice.Count(CategoryPerDay * (1 + growth) / 2 * season * dice.Between(0.98, 1.02))), CsvFile.Number(reviews),
                CsvFile.Number(Enumerable.Range(0, reviews).Sum(_ => Stars(dice, upset))));
        }
    }

    private static int Stars(Dice dice, bool upset)
    {
        var roll = dice.Next();
        return upset
            ? roll < 0.38 ? 5 : roll < 0.66 ? 4 : roll < 0.82 ? 3 : roll < 0.92 ? 2 : 1
            : roll < 0.62 ? 5 : roll < 0.89 ? 4 : roll < 0.96 ? 3 : roll < 0.985 ? 2 : 1;
    }
}
