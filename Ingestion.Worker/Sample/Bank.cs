namespace Ingestion.Worker.Sample;

/// <summary>The bank account by day. What comes in and goes out in a month is what the books say of it, to the cent.</summary>
internal static class Bank
{
    public static void Write(SampleFolder folder, Timeline timeline, IReadOnlyList<LedgerMonth> months)
    {
        var dice = new Dice("bank");
        using var csv = folder.Csv("data/bank.csv", ["date", "received", "paid", "balance"]);
        var balance = LedgerMonth.OpeningCash;
        foreach (var month in months)
        {
            var days = Enumerable.Range(0, DateTime.DaysInMonth(month.Month.Year, month.Month.Month)).Select(month.Month.AddDays).ToList();
            var received = Spread(month.CashIn, [.. days.Select(day => Usual(day) * dice.Between(0.8, 1.2))]);
            var paid = Spread(month.CashOut, [.. days.Select(day => (Usual(day) + (IsPayday(day) ? 3 : 0)) * dice.Between(0.85, 1.15))]);
            for (var i = 0; i < days.Count && days[i] <= timeline.Last; i++)
            {
                balance += received[i] - paid[i];
                csv.Row(CsvFile.Day(days[i]), CsvFile.Money(received[i]), CsvFile.Money(paid[i]), CsvFile.Money(balance));
            }
        }
    }

    private static double Usual(DateOnly day) => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0.08 : 1;

    private static bool IsPayday(DateOnly day) => day.Day is 14 or 28;

    /// <summary>A total in parts as large as their weights; nothing of it is lost to rounding.</summary>
    private static long[] Spread(long total, double[] weights)
    {
        var parts = new long[weights.Length];
        var all = weights.Sum();
        double weight = 0;
        long given = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            weight += weights[i];
            var until = i == parts.Length - 1 ? total : (long)(total * (weight / all));
            (parts[i], given) = (until - given, until);
        }

        return parts;
    }
}
