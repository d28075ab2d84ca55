namespace Ingestion.Worker.Sample;

/// <summary>Two weeks in which the product costs nothing. <see cref="Customer"/> is who paid for it afterwards; null for all others.</summary>
internal sealed record Trial(string Plan, string Region, DateOnly Start, int? Customer);

/// <summary>A trial for most signups, and a customer for about one trial in eight.</summary>
internal static class Trials
{
    private const int Days = 14;
    private const double PerSignup = 0.87;

    // Who is visited by sales buys without one, and so does a part of the others.
    private const double BeforePaying = 0.84;

    /// <summary>Every trial, oldest first; there is no day without one.</summary>
    public static List<Trial> Simulate(Timeline timeline, IEnumerable<Signup> signups, SubscriptionBook book)
    {
        var dice = new Dice("trials");
        var paying = book.All.GroupBy(sold => sold.Customer).Select(own => own.First())
            .Where(sold => sold.Plan is not Plan.Enterprise && sold.Start.AddDays(-Days) >= timeline.First)
            .Where(_ => dice.Chance(BeforePaying))
            .ToLookup(sold => (sold.Start.AddDays(-Days), sold.Region));
        var signedUp = signups.CountBy(signup => (signup.Day, signup.Region)).ToDictionary();

        var trials = new List<Trial>();
        foreach (var day in timeline.Days())
        {
            var before = trials.Count;
            foreach (var (region, _) in Regions.Weighted)
            {
                var started = Enumerable.Range(0, signedUp.GetValueOrDefault((day, region))).Count(_ => dice.Chance(PerSignup));
                var converted = paying[(day, region)].Take(started).ToList();
                foreach (var sold in converted)
                    trials.Add(new Trial(sold.Plan.ToString(), region, day, sold.Customer));
                for (var i = converted.Count; i < started; i++)
                    trials.Add(new Trial(Name(dice), region, day, null));
            }

            if (trials.Count == before)
                trials.Add(new Trial(Name(dice), dice.Pick(Regions.Weighted), day, null));
        }

        return trials;
    }

    public static void Write(SampleFolder folder, Timeline timeline, IEnumerable<Trial> trials)
    {
        using var csv = folder.Csv("data/trials.csv", ["trial_id", "customer_id", "plan", "region", "start_date", "end_date"]);
        var number = 0;
        foreach (var trial in trials)
        {
            number++;
            var end = trial.Start.AddDays(Days);
            csv.Row(
                CsvFile.Id("tr-", number), trial.Customer is { } customer ? CsvFile.Id("c-", customer) : CsvFile.Id("p-", number),
                trial.Plan, trial.Region, CsvFile.Day(trial.Start), end <= timeline.Last ? CsvFile.Day(end) : "");
        }
    }

    private static string Name(Dice dice) => dice.Chance(0.68) ? nameof(Plan.Starter) : nameof(Plan.Team);
}
