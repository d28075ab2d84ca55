using System.Globalization;
using Metrics.Core.Periods;
using NUnit.Framework;
using Tests.Support;

namespace Metrics.Core.Tests.Periods;

/// <summary>Every row of calendars that were computed outside this product.</summary>
public sealed class CalendarReferenceTests
{
    private static readonly ReportingCalendar Iso = Some.Calendar();
    private static readonly ReportingCalendar Sundays = Some.Calendar(weekStarts: DayOfWeek.Sunday);

    [Test]
    public void Weeks_from_Monday_are_ISO_weeks_and_weeks_from_Sunday_have_the_ISO_week_of_their_Saturday()
    {
        foreach (var row in Reference.Rows("calendar/iso_weeks.expected.csv"))
        {
            var day = Some.Day(row["date"]);
            var week = Iso.Containing(Grain.Week, day);
            var sundayWeek = Sundays.Containing(Grain.Week, day);

            using (Assert.EnterMultipleScope())
            {
                Assert.That(Iso.Key(Grain.Week, week), Is.EqualTo(row["iso_week"]), row["date"]);
                Assert.That($"{week}", Is.EqualTo($"{row["iso_week_monday"]}..{row["iso_week_sunday"]}"), row["date"]);
                Assert.That(day.DayNumber - week.Start.DayNumber + 1, Is.EqualTo(Int(row["iso_weekday"])), row["date"]);
                Assert.That($"{sundayWeek}", Is.EqualTo($"{row["sunday_week_start"]}..{row["sunday_week_end"]}"), row["date"]);
                Assert.That(
                    Sundays.Key(Grain.Week, sundayWeek),
                    Is.EqualTo(Iso.Key(Grain.Week, Iso.Containing(Grain.Week, Some.Day(row["sunday_week_end"])))), row["date"]);
                Assert.That(Iso.ToDate(Grain.Year, day).Days, Is.EqualTo(Int(row["day_of_year"])), row["date"]);
                Assert.That(Iso.FiscalQuarter(day), Is.EqualTo(Int(row["calendar_quarter"])), row["date"]);
            }
        }
    }

    [Test]
    public void A_year_has_52_or_53_ISO_weeks()
    {
        foreach (var row in Reference.Rows("calendar/iso_week_count.expected.csv"))
        {
            var weeks = Int(row["iso_weeks"]);
            var inYear = Iso.Covering(Grain.Week, new DateOnly(Int(row["year"]) - 1, 12, 1), new DateOnly(Int(row["year"]) + 1, 2, 1))
                .Count(week => Iso.Key(Grain.Week, week).StartsWith(row["year"], StringComparison.Ordinal));

            using (Assert.EnterMultipleScope())
            {
                Assert.That(inYear, Is.EqualTo(weeks), row["year"]);
                Assert.That(Iso.TryParse(Grain.Week, $"{row["year"]}-W{weeks}", out _), Is.True, row["year"]);
                Assert.That(Iso.TryParse(Grain.Week, $"{row["year"]}-W{weeks + 1}", out _), Is.False, row["year"]);
            }
        }
    }

    [Test]
    public void Fiscal_years_quarters_and_months_follow_the_month_in_which_the_year_starts()
    {
        foreach (var row in Reference.Rows("calendar/fiscal.expected.csv"))
        {
            var calendar = Some.Calendar(Int(row["fiscal_start_month"]));
            var day = Some.Day(row["date"]);
            var year = $"{row["fy_start"]}..{row["fy_end"]}";
            var name = $"{row["date"]} from month {row["fiscal_start_month"]}";

            using (Assert.EnterMultipleScope())
            {
                Assert.That(calendar.FiscalYear(day), Is.EqualTo(Int(row["fiscal_year_by_end"])), name);
                Assert.That(calendar.FiscalQuarter(day), Is.EqualTo(Int(row["fiscal_quarter"])), name);
                Assert.That(calendar.FiscalMonth(day), Is.EqualTo(Int(row["fiscal_month"])), name);
                Assert.That($"{calendar.Containing(Grain.Year, day)}", Is.EqualTo(year), name);
                Assert.That($"{calendar.FiscalYearPeriod(Int(row["fiscal_year_by_end"]))}", Is.EqualTo(year), name);
                Assert.That($"{calendar.Containing(Grain.Quarter, day)}", Is.EqualTo($"{row["fq_start"]}..{row["fq_end"]}"), name);
            }
        }
    }

    [Test]
    public void Retail_years_are_those_of_the_National_Retail_Federation([Values(
        RetailPattern.FourFourFive, RetailPattern.FourFiveFour, RetailPattern.FiveFourFour)] RetailPattern pattern)
    {
        var calendar = Some.Retail(pattern);
        foreach (var row in Reference.Rows("calendar/nrf_years.expected.csv"))
        {
            var year = calendar.FiscalYearPeriod(Int(row["fiscal_year"]));

            using (Assert.EnterMultipleScope())
            {
                Assert.That($"{year}", Is.EqualTo($"{row["start_sunday"]}..{row["end_saturday"]}"), row["fiscal_year"]);
                Assert.That(year.Days, Is.EqualTo(Int(row["weeks"]) * 7), row["fiscal_year"]);
                Assert.That(
                    Some.DaysFrom(year.Start, year.End).Select(calendar.FiscalYear),
                    Is.All.EqualTo(Int(row["fiscal_year"])));
            }
        }
    }

    [Test]
    public void Retail_months_and_quarters_follow_the_pattern_and_the_53rd_week_goes_to_the_last_month()
    {
        var rows = Reference.Rows("calendar/retail_months.expected.csv");
        foreach (var row in rows)
        {
            var calendar = Some.Retail(RetailPatternNames.TryParse(row["pattern"])!.Value);
            var days = Some.Days($"{row["start"]}..{row["end"]}");
            var all = Some.DaysFrom(days.Start, days.End).ToArray();
            var month = calendar.Containing(Grain.Month, days.LastDay);
            var quarter = rows.Where(other => other["fiscal_year"] == row["fiscal_year"] && other["pattern"] == row["pattern"]
                && other["fiscal_quarter"] == row["fiscal_quarter"]).ToArray();
            var name = $"{row["fiscal_year"]} month {row["fiscal_month"]} of {row["pattern"]}";

            using (Assert.EnterMultipleScope())
            {
                Assert.That(month, Is.EqualTo(days), name);
                Assert.That(calendar.Containing(Grain.Month, days.Start), Is.EqualTo(days), name);
                Assert.That(month.Days, Is.EqualTo(Int(row["weeks"]) * 7), name);
                Assert.That(calendar.Key(Grain.Month, month), Is.EqualTo($"{row["fiscal_year"]}-P{Int(row["fiscal_month"]):D2}"), name);
                Assert.That(all.Select(calendar.FiscalMonth), Is.All.EqualTo(Int(row["fiscal_month"])), name);
                Assert.That(all.Select(calendar.FiscalQuarter), Is.All.EqualTo(Int(row["fiscal_quarter"])), name);
                Assert.That(
                    $"{calendar.Containing(Grain.Quarter, days.Start)}",
                    Is.EqualTo($"{quarter[0]["start"]}..{quarter[^1]["end"]}"), name);
            }
        }
    }

    [Test]
    public void Local_days_start_at_the_reference_instants()
    {
        foreach (var row in Reference.Rows("calendar/local_days.expected.csv"))
        {
            var calendar = Some.Calendar(timeZone: row["zone"]);
            var day = Some.Day(row["local_date"]);
            var (start, end) = (Some.Instant(row["start_utc"]), Some.Instant(row["end_utc"]));
            var name = $"{row["zone"]} {row["local_date"]}";

            using (Assert.EnterMultipleScope())
            {
                Assert.That(calendar.StartOf(day), Is.EqualTo(start), name);
                Assert.That(calendar.StartOf(day.AddDays(1)), Is.EqualTo(end), name);
                Assert.That(calendar.LengthOf(day).TotalHours, Is.EqualTo(double.Parse(row["hours"], CultureInfo.InvariantCulture)), name);
                Assert.That(calendar.DayOf(start), Is.EqualTo(day), name);
                Assert.That(calendar.DayOf(start.AddTicks(-1)), Is.EqualTo(day.AddDays(-1)), name);
                Assert.That(calendar.DayOf(end.AddTicks(-1)), Is.EqualTo(day), name);
            }
        }
    }

    [Test]
    public void Spans_to_date_end_on_the_same_date_a_year_before()
    {
        foreach (var row in Reference.Rows("growth/seattle_precip_todate.expected.csv"))
        {
            var (grain, yearStarts) = row["period"] switch
            {
                "MTD" => (Grain.Month, 1),
                "QTD" => (Grain.Quarter, 1),
                "YTD" => (Grain.Year, 1),
                "FYTD_Apr" => (Grain.Year, 4),
                "FYTD_Oct" => (Grain.Year, 10),
                var other => throw new InvalidOperationException(other),
            };
            var calendar = Some.Calendar(yearStarts);
            var lastDay = Some.Day(row["as_of"]);
            var toDate = calendar.ToDate(grain, lastDay);
            var name = $"{row["period"]} {row["as_of"]}";

            using (Assert.EnterMultipleScope())
            {
                Assert.That($"{toDate}", Is.EqualTo($"{row["start"]}..{row["as_of"]}"), name);
                Assert.That(toDate.Days, Is.EqualTo(Int(row["days"])), name);
                Assert.That($"{calendar.ToDateYearAgo(grain, lastDay)}", Is.EqualTo($"{row["ly_start"]}..{row["ly_end"]}"), name);
            }
        }
    }

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
