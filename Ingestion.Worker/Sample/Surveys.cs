namespace Ingestion.Worker.Sample;

/// <summary>
/// What paying customers answer: NPS by mail, to each once a quarter and mostly in vain; CSAT after a ticket; CES after something was
/// set up. The outage and the weeks after it cost points.
/// </summary>
internal static class Surveys
{
    private static readonly string[] Praise =
    [
        "Setup took ten minutes.", "Reports are what we show the board now.", "Support answered within the hour, thank you!",
        "\"It just works\" is what the team says.",
    ];

    private static readonly string[] Complaints =
    [
        "Too many clicks to share a report.", "Exports are slow, mostly on Mondays.", "Expensive for what we use.",
        "Down when we needed it, twice.",
    ];

    // For every answer to the mail, so many are not answered.
    private const double Unanswered = 1.45;

    public static void Write(SampleFolder folder, Timeline timeline, SubscriptionBook book)
    {
        var dice = new Dice("surveys");
        var answers = 0;
        var asked = new HashSet<(string Wave, int Customer)>();
        using var csv = folder.Csv(
            "data/surveys.csv", ["response_id", "respondent", "survey", "wave", "score", "scale", "answered_at", "comment"]);

        foreach (var day in timeline.Days())
        {
            var upset = timeline.IsOutage(day) || timeline.IsAftermath(day);
            var level = Demand.Work(day) * Demand.Growth(timeline, day) / 7;

            var wave = FormattableString.Invariant($"{day.Year}-Q{(day.Month + 2) / 3}");

            for (var i = Math.Max(day == timeline.Last ? 1 : 0, dice.Count(36 * level)); i > 0; i--)
                Answer(day, AnyNotAsked(day, wave), "nps", wave, Nps(dice, upset), "0-10", isHappyFrom: 9, isSadTo: 6);
            for (var i = dice.Count(36 * Unanswered * level); i > 0; i--)
                Answer(day, AnyNotAsked(day, wave), "nps", wave, null, "0-10", isHappyFrom: 9, isSadTo: 6);
            for (var i = dice.Count(44 * level); i > 0; i--)
                Answer(day, book.AnyCustomerOn(day, dice), "csat", "", Csat(dice, upset), "1-5", isHappyFrom: 5, isSadTo: 2);
            for (var i = dice.Count(38 * level); i > 0; i--)
                Answer(day, book.AnyCustomerOn(day, dice), "ces", "", Ces(dice, upset), "1-7", isHappyFrom: 7, isSadTo: 3);
        }

        void Answer(DateOnly day, int customer, string survey, string wave, int? score, string scale, int isHappyFrom, int isSadTo)
        {
            var comment = score is null || !dice.Chance(0.18) ? ""
                : score >= isHappyFrom ? dice.Pick(Praise)
                : score <= isSadTo ? dice.Pick(Complaints)
                : "";
            csv.Row(
                CsvFile.Id("r-", ++answers), CsvFile.Id("c-", customer), survey, wave, score is { } given ? CsvFile.Number(given) : "",
                scale, CsvFile.Instant(day, dice.Moment()), comment);
        }

        int AnyNotAsked(DateOnly day, string wave)
        {
            int customer;
            do
                customer = book.AnyCustomerOn(day, dice);
            while (!asked.Add((wave, customer)));
            return customer;
        }
    }

    private static int Nps(Dice dice, bool upset)
    {
        var (promoters, detractors) = upset ? (0.35, 0.30) : (0.48, 0.15);
        var roll = dice.Next();
        return roll < promoters ? 9 + dice.Below(2)
            : roll < promoters + detractors ? Math.Max(dice.Below(7), dice.Below(7))
            : 7 + dice.Below(2);
    }

    private static int Csat(Dice dice, bool upset) =>
        dice.Chance(upset ? 0.71 : 0.87) ? 4 + (dice.Chance(0.62) ? 1 : 0) : 1 + Math.Max(dice.Below(3), dice.Below(3));

    private static int Ces(Dice dice, bool upset) =>
        dice.Chance(upset ? 0.62 : 0.79) ? 5 + Math.Max(dice.Below(3), dice.Below(3)) : 1 + Math.Max(dice.Below(4), dice.Below(4));
}
