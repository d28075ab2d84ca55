namespace Ingestion.Worker.Sample;

/// <summary>Support tickets. In the outage week there are three times as many, and they wait longer.</summary>
internal static class Tickets
{
    private static readonly ((string Priority, double ResponseHours, double WorkHours) Choice, double Weight)[] Kinds =
    [
        (("low", 9, 120), 0.24), (("normal", 5, 60), 0.52), (("high", 2, 24), 0.18), (("urgent", 0.6, 8), 0.06),
    ];

    public static void Write(SampleFolder folder, Timeline timeline)
    {
        var dice = new Dice("tickets");
        var tickets = 0;
        var exported = new DateTimeOffset(timeline.Last, new TimeOnly(21, 30), TimeSpan.Zero);
        using var csv = folder.Csv("data/tickets.csv", ["ticket_id", "created_at", "first_response_at", "resolved_at", "priority"]);

        foreach (var day in timeline.Days())
        {
            var isOutage = timeline.IsOutage(day);
            var expected = 46.0 / 7 * Demand.Work(day) * Demand.Growth(timeline, day) * (isOutage ? 3.1 : 1);
            var seconds = new int[Math.Max(day == timeline.Last ? 1 : 0, dice.Count(expected))];
            for (var i = 0; i < seconds.Length; i++)
                seconds[i] = dice.Moment();
            Array.Sort(seconds);

            foreach (var second in seconds)
            {
                var (priority, responseHours, workHours) = dice.Pick(Kinds);
                var created = new DateTimeOffset(day, default, TimeSpan.Zero).AddSeconds(second);
                var response = created.AddSeconds(Wait(responseHours * (isOutage ? 2.5 : 1)));
                var resolved = response.AddSeconds(Wait(workHours * (isOutage ? 1.6 : 1)));

                csv.Row(
                    CsvFile.Id("t-", ++tickets), CsvFile.Instant(created), CsvFile.Instant(Known(response)),
                    CsvFile.Instant(Known(resolved)), priority);
            }
        }

        // What happens after the export was made is not in it.
        DateTimeOffset? Known(DateTimeOffset moment) => moment < exported ? moment : null;

        // Skewed, as waits are: the mean is as asked for, the median well below it.
        int Wait(double meanHours) => 90 + (int)(meanHours * 3600 * 4 * dice.Next() * dice.Next());
    }
}
