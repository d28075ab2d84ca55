using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Forecasts;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;

namespace Benchmarks;

/// <summary>
/// What a metric page pays for its forecast (all models fitted, judged on a hold-out, and the best one fitted again), and a board for its
/// signals.
/// </summary>
internal static class ForecastBenchmarks
{
    private const int Runs = 20;

    public static Task<IReadOnlyList<Measurement>> RunAsync() => Task.FromResult<IReadOnlyList<Measurement>>(
        [Of("209 weeks", 209, 52, 13), Of("73 months", 73, 12, 12), Of("92 days", 92, 7, 14), Signals(24)]);

    private static Measurement Of(string what, int count, int season, int steps)
    {
        double[] values = [.. Enumerable.Range(0, count).Select(i => 1000 + 3 * i + 150 * Math.Sin(2 * Math.PI * i / season) + i * 7919 % 97)];
        var spent = CpuOf(() => ForecastChooser.Choose(values, season, steps));
        return Measurement.Cpu(
            string.Create(CultureInfo.InvariantCulture, $"forecast of {steps} periods from {what}"), spent, TimeSpan.FromMilliseconds(50));
    }

    private static Measurement Signals(int tiles)
    {
        var calendar = new ReportingCalendar(new CalendarSettings());
        var metric = new Metric { Id = "visits", Name = "Visits", Unit = Unit.Count };
        var subject = new ProcessSubject("Visits", metric, Accrual.Flow, Grain.Week, calendar, new ValueFormat(Unit.Count, "EUR"));
        var newest = calendar.NumberOf(Grain.Week, new DateOnly(2026, 11, 15));
        PeriodValue[] weeks =
        [
            .. Enumerable.Range(0, 106).Select(i => new PeriodValue(
                calendar.Numbered(Grain.Week, newest - 105 + i), 1000 + i * 7919 % 97, 7, Complete: true, null, Restated: false)),
        ];
        var spent = CpuOf(() =>
        {
            for (var i = 0; i < tiles; i++)
                _ = Metrics.Core.Signals.Process.Of(subject, weeks, [], BaselineChoices.None).Signal;
        });
        return Measurement.Cpu(
            string.Create(CultureInfo.InvariantCulture, $"limits and signals of {tiles} tiles by week"), spent, TimeSpan.FromMilliseconds(5));
    }

    private static TimeSpan CpuOf(Action thing)
    {
        for (var i = 0; i < 10 * Runs; i++)
            thing();

        var before = System.Diagnostics.Process.GetCurrentProcess().TotalProcessorTime;
        for (var i = 0; i < Runs; i++)
            thing();
        return (System.Diagnostics.Process.GetCurrentProcess().TotalProcessorTime - before) / Runs;
    }
}
