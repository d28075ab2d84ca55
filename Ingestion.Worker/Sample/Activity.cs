namespace Ingestion.Worker.Sample;

/// <summary>What people do in the product, one file a year. The export is late: it stops on the Friday of the last week.</summary>
internal static class Activity
{
    private const double ActivatedBefore = 0.38;
    private const double ActivatedAfter = 0.46;

    public static void Write(SampleFolder folder, Timeline timeline, List<Signup> signups)
    {
        var dice = new Dice("activity");
        var users = Earlier(timeline, dice);
        var events = new List<(int Second, int User, string Event, string Region)>();
        var next = 0;

        for (var day = timeline.First; day <= timeline.LastActivity;)
        {
            var year = day.Year;
            using var csv = folder.Csv($"data/activity-{CsvFile.Number(year)}.csv", ["user_id", "at", "event", "region"]);
            for (; day.Year == year && day <= timeline.LastActivity; day = day.AddDays(1))
            {
                for (; next < signups.Count && signups[next].Day == day; next++)
                    users.Add(Join(signups[next], timeline, dice));

                events.Clear();
                foreach (var user in users)
                    user.Live(day, timeline, dice, events);
                users.RemoveAll(user => user.Left <= day);

                events.Sort(InOrder);
                foreach (var (second, user, what, region) in events)
                    csv.Row(CsvFile.Id("u-", user), CsvFile.Instant(day, second), what, region);
            }
        }
    }

    /// <summary>A total order that is the same everywhere; the default one of text follows the culture.</summary>
    private static int InOrder((int Second, int User, string Event, string) a, (int Second, int User, string Event, string) b) =>
        a.Second != b.Second ? a.Second - b.Second
        : a.User != b.User ? a.User - b.User
        : string.CompareOrdinal(a.Event, b.Event);

    private static List<User> Earlier(Timeline timeline, Dice dice) =>
    [
        .. Enumerable.Range(1, Signup.EarlierUsers).Select(number => new User(
            new Signup(number, timeline.First.AddDays(-1 - dice.Below(400)), 0, dice.Pick(Regions.Weighted), ""),
            FirstProject: timeline.First.AddDays(-1), Left: timeline.First.AddDays(Stay(dice)), Diligence: dice.Between(0.06, 0.32))),
    ];

    private static User Join(Signup signup, Timeline timeline, Dice dice)
    {
        if (dice.Chance(signup.Day < timeline.NewOnboarding ? ActivatedBefore : ActivatedAfter))
        {
            // Most start a project on the day itself; all within six days, so that seven times 24 hours are never the question.
            var wait = (int)(dice.Next() * dice.Next() * 6.9);
            return new User(signup, signup.Day.AddDays(wait), signup.Day.AddDays(14 + Stay(dice)), dice.Between(0.06, 0.32));
        }

        // One in eight finds the way later; the others look around for some days and are gone.
        return dice.Chance(0.125)
            ? new User(signup, signup.Day.AddDays(9 + dice.Below(30)), signup.Day.AddDays(40 + Stay(dice)), dice.Between(0.06, 0.24))
            : new User(signup, DateOnly.MaxValue, signup.Day.AddDays(1 + (int)(dice.Next() * dice.Next() * 40)), dice.Between(0.05, 0.2));
    }

    /// <summary>Days until a user is gone for good: many weeks for most, years for a few.</summary>
    private static int Stay(Dice dice)
    {
        var days = 0;
        do
            days += 7 + dice.Below(90);
        while (dice.Chance(0.60));
        return days;
    }

    private sealed record User(Signup Signup, DateOnly FirstProject, DateOnly Left, double Diligence)
    {
        public void Live(DateOnly day, Timeline timeline, Dice dice, List<(int, int, string, string)> events)
        {
            void Do(string what, int second) => events.Add((second, Signup.User, what, Signup.Region));

            // On the first day nothing happens before the signup itself.
            var first = day == Signup.Day;
            int Later() => first ? Signup.Second + 60 + dice.Below(1_800) : dice.Moment();

            if (first)
                Do("login", Signup.Second + 30);
            if (day == FirstProject)
                Do("project_created", Later());

            if (!first && !dice.Chance(Diligence * Demand.Work(day) * (timeline.IsOutage(day) ? 0.55 : 1)))
                return;

            if (!first)
                Do("login", Later());
            if (dice.Chance(0.18))
                Do("report_shared", Later());
            if (day > FirstProject && dice.Chance(0.10))
                Do("project_created", Later());
            if (dice.Chance(0.05))
                Do("invite_sent", Later());
        }
    }
}
