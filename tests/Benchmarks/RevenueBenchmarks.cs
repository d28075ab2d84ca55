using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Metrics.Core.Catalog;
using Metrics.Core.Models;
using Metrics.Core.Models.Revenue;
using Metrics.Core.Periods;
using Metrics.Core.Records;

namespace Benchmarks;

/// <summary>
/// Every measure of recurring revenue over five years, by plan and region and in total: a third of the subscriptions in two other
/// currencies with a rate for each day.
/// </summary>
internal static class RevenueBenchmarks
{
    private const int Full = 100_000;

    private static readonly DateOnly First = new(2021, 11, 22);
    private static readonly DateOnly Through = new(2026, 11, 22);

    public static Task<IReadOnlyList<Measurement>> RunAsync()
    {
        // The runtime compiles hot methods again in the background; the first run is for that.
        Time(Full / 20);
        var (small, middle, full) = (Time(Full / 10), Time(Full * 3 / 10), Time(Full));
        return Task.FromResult<IReadOnlyList<Measurement>>(
        [
            Measurement.Time(Text($"{Full:N0} subscriptions over five years, every measure"), full.Time, TimeSpan.FromSeconds(20)),
            Measurement.Note("… points", Text($"{full.Points:N0}")),
            Measurement.Note(Text($"… {Full / 10:N0}"), Text($"{small.Time.TotalSeconds:0.00} s")),
            Measurement.Note(Text($"… {Full * 3 / 10:N0}"), Text($"{middle.Time.TotalSeconds:0.00} s")),
            Measurement.Ratio("3 times as many against 3 times the time", middle.Time / small.Time / 3, 1.3),
            Measurement.Ratio("10 times as many against 10 times the time", full.Time / small.Time / 10, 1.3),
        ]);
    }

    private static (TimeSpan Time, long Points) Time(int subscriptions)
    {
        StoredRecord[] records = [.. Records(subscriptions)];
        Metric[] metrics = [.. new RevenueModel().Measures.Select(MetricOf)];
        var context = new ModelContext(new ReportingCalendar(new CalendarSettings()), metrics, Through);
        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        var run = new RevenueModel().Start(context);
        foreach (var record in records)
            run.Add(record);
        var result = run.Finish();
        var time = Stopwatch.GetElapsedTime(start);
        return (time, result.Outputs.SelectMany(output => output.Series).Sum(series => (long)series.Points.Count));
    }

    private static Metric MetricOf(Measure measure)
    {
        var isCohort = measure.Name.StartsWith("cohort", StringComparison.Ordinal);
        var isPeriod = isCohort || measure.Name.Contains("opening", StringComparison.Ordinal) || measure.Name.StartsWith("kept", StringComparison.Ordinal)
            || measure.Name.StartsWith("lost", StringComparison.Ordinal) || measure.Name.Contains("churn_base", StringComparison.Ordinal)
            || measure.Name.Contains("churn_lost", StringComparison.Ordinal);
        return new Metric
        {
            Id = measure.Name,
            Name = measure.Name,
            Unit = Unit.Currency,
            Model = "revenue." + measure.Name,
            OverTime = isPeriod ? OverTime.None : OverTime.Sum,
            OverSegments = OverSegments.None,
            NativeGrain = isPeriod ? Grain.Week : Grain.Day,
            Dimensions = isCohort ? ["cohort"] : ["plan", "region"],
        };
    }

    private static IEnumerable<StoredRecord> Records(int count)
    {
        var dice = new Random(20261122);
        string[] plans = ["Basic", "Team", "Business", "Enterprise"], regions = ["DACH", "UK", "US", "Nordics", "Other"];
        for (var i = 0; i < count; i++)
        {
            var start = First.AddDays(dice.Next(Through.DayNumber - First.DayNumber));
            var plan = dice.Next(plans.Length);
            var body = new Dictionary<string, object>
            {
                ["customer"] = Text($"c{dice.Next(count * 7 / 10)}"), ["subscription"] = Text($"s{i}"), ["start"] = Iso(start),
                ["amount"] = 29m * (1 + plan * 4) + dice.Next(20) * 5, ["interval"] = dice.Next(3) == 0 ? "year" : "month",
                ["plan"] = plans[plan], ["region"] = regions[dice.Next(regions.Length)],
            };
            if (dice.Next(10) < 6)
                body["end"] = Iso(start.AddDays(1 + dice.Next(700)));
            if (dice.Next(3) == 0)
                body["currency"] = dice.Next(2) == 0 ? "EUR" : "GBP";
            if (dice.Next(5) == 0)
                body["trial_end"] = Iso(start.AddDays(14));
            yield return Record(i, body);
        }

        for (var day = First.AddDays(-1); day < Through; day = day.AddDays(1))
        {
            foreach (var (currency, rate) in ((string, decimal)[])[("EUR", 1.1m), ("GBP", 1.3m)])
                yield return Record(count, new Dictionary<string, object> { ["currency"] = currency, ["at"] = Iso(day), ["rate"] = rate + dice.Next(-500, 500) / 10_000m });
        }

        for (var i = 0; i < count / 20; i++)
        {
            yield return Record(i, new Dictionary<string, object>
            {
                ["payment"] = Text($"p{i}"), ["customer"] = Text($"c{dice.Next(count * 7 / 10)}"), ["amount"] = 29m, ["status"] = "failed",
                ["at"] = Iso(First.AddDays(dice.Next(Through.DayNumber - First.DayNumber))),
            });
        }
    }

    private static StoredRecord Record(int number, Dictionary<string, object> body) =>
        new(new StreamId("bench", "revenue"), Text($"{number}"), number + 1, new RecordBody(JsonSerializer.SerializeToElement(body)));

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
