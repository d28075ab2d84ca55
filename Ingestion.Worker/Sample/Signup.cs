namespace Ingestion.Worker.Sample;

/// <summary>A person who filled in the sign-up form.</summary>
internal sealed record Signup(int User, DateOnly Day, int Second, string Region, string Channel)
{
    /// <summary>People who signed up before the export begins have the numbers up to this one.</summary>
    public const int EarlierUsers = 950;

    public const double PerWeek = 112;

    public static readonly (string Choice, double Weight)[] Channels =
        [("organic", 0.38), ("paid_search", 0.22), ("referral", 0.16), ("partner", 0.09), ("direct", 0.15)];

    /// <summary>Every signup, oldest first; there is no day without one.</summary>
    public static List<Signup> Simulate(Timeline timeline)
    {
        var dice = new Dice("signups");
        var signups = new List<Signup>();
        foreach (var day in timeline.Days())
        {
            var seconds = new int[Math.Max(1, dice.Count(PerWeek / 7 * Demand.Buying(timeline, day)))];
            for (var i = 0; i < seconds.Length; i++)
                seconds[i] = dice.Moment();
            Array.Sort(seconds);

            foreach (var second in seconds)
                signups.Add(new Signup(EarlierUsers + signups.Count + 1, day, second, dice.Pick(Regions.Weighted), dice.Pick(Channels)));
        }

        return signups;
    }

    public static void Write(SampleFolder folder, IEnumerable<Signup> signups)
    {
        using var csv = folder.Csv("data/signups.csv", ["user_id", "signed_up_at", "region", "channel"]);
        foreach (var signup in signups)
            csv.Row(CsvFile.Id("u-", signup.User), CsvFile.Instant(signup.Day, signup.Second), signup.Region, signup.Channel);
    }
}
