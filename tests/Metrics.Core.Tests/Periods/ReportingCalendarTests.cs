using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Periods;

public sealed class ReportingCalendarTests
{
    private static readonly ReportingCalendar Iso = Some.Calendar();

    private static readonly CalendarSettings[] Several =
    [
        new(),
        new() { WeekStarts = DayOfWeek.Sunday, FiscalYearStarts = 2, Retail = RetailPattern.FourFiveFour },
        new() { WeekStarts = DayOfWeek.Saturday, FiscalYearStarts = 4 },
        new() { WeekStarts = DayOfWeek.Monday, FiscalYearStarts = 1, Retail = RetailPattern.FourFourFive },
        new() { WeekStarts = DayOfWeek.Friday, FiscalYearStarts = 7, Retail = RetailPattern.FiveFourFour },
        new() { WeekStarts = DayOfWeek.Wednesday, FiscalYearStarts = 12 },
    ];

    [Test]
    public void Every_day_of_twenty_years_lies_in_exactly_one_period(
        [ValueSource(nameof(Several))] CalendarSettings settings, [Values] Grain grain)
    {
        var calendar = new ReportingCalendar(settings);
        var (from, to) = (Some.Day("2015-01-01"), Some.Day("2035-01-01"));
        var periods = calendar.Covering(grain, from, to);

        var days = periods.SelectMany(period => Some.DaysFrom(period.Start, period.End)).ToArray();
        Assert.That(days, Is.EqualTo(Some.DaysFrom(periods[0].Start, periods[^1].End)), "in order, without gap or overlap");
        Assert.That(periods[0].Contains(from) && periods[^1].Contains(to.AddDays(-1)), Is.True);

        foreach (var period in periods)
        {
            var strays = Some.DaysFrom(period.Start, period.End).Where(day => calendar.Containing(grain, day) != period);
            Assert.That(strays, Is.Empty, period.ToString());
        }
    }

    [Test]
    public void The_period_containing_a_day_contains_it_and_starts_where_the_previous_one_ends() => Check.QuickThrowOnFailure(
        Prop.ForAll(Some.Looks, look => look.Period.Contains(look.Day)
            && look.Calendar.Previous(look.Grain, look.Period).End == look.Period.Start));

    [Test]
    public void Shifting_forth_and_back_ends_where_it_began() => Check.QuickThrowOnFailure(
        Prop.ForAll(Some.Steps, step =>
        {
            var (look, by) = step;
            var shifted = look.Calendar.Shift(look.Grain, look.Period, by);
            return look.Calendar.Shift(look.Grain, shifted, -by) == look.Period
                && Math.Sign(shifted.Start.CompareTo(look.Period.Start)) == Math.Sign(by);
        }));

    [Test]
    public void Shifting_by_n_passes_n_periods() => Check.QuickThrowOnFailure(
        Prop.ForAll(Some.Steps, step =>
        {
            var (look, by) = (step.Look, Math.Abs(step.Steps));
            var shifted = look.Calendar.Shift(look.Grain, look.Period, by);
            return look.Calendar.Covering(look.Grain, look.Period.Start, shifted.End).Count == by + 1;
        }));

    [Test]
    public void The_year_of_a_day_is_the_one_its_name_gives_back_and_months_fill_quarters_and_quarters_years() => Check.QuickThrowOnFailure(
        Prop.ForAll(Some.Looks, look =>
        {
            var (calendar, day) = (look.Calendar, look.Day);
            var year = calendar.FiscalYearPeriod(calendar.FiscalYear(day));
            var months = calendar.Covering(Grain.Month, year.Start, year.End);
            var quarters = calendar.Covering(Grain.Quarter, year.Start, year.End);

            return year == calendar.Containing(Grain.Year, day) && year.Contains(day)
                && months.Count == 12 && quarters.Count == 4
                && months[0].Start == year.Start && months[^1].End == year.End
                && quarters.Select((quarter, i) => quarter == new Period(months[3 * i].Start, months[3 * i + 2].End)).All(fits => fits)
                && months[calendar.FiscalMonth(day) - 1].Contains(day)
                && quarters[calendar.FiscalQuarter(day) - 1].Contains(day);
        }));

    [Test]
    public void A_retail_year_is_whole_weeks_and_holds_most_of_the_days_of_its_calendar_year() => Check.QuickThrowOnFailure(
        Prop.ForAll(Some.Looks, look =>
        {
            if (look.Settings.Retail == RetailPattern.None)
                return true;

            var number = look.Calendar.FiscalYear(look.Day);
            var year = look.Calendar.FiscalYearPeriod(number);
            var named = Some.DaysFrom(year.Start, year.End).Count(day => day.Year == number);
            return year.Start.DayOfWeek == look.Settings.WeekStarts && year.Days is 364 or 371
                && (named * 2 > year.Days || look.Settings.FiscalYearStarts == 7);
        }));

    [TestCase(1, 2024, "2023-12-31..2024-12-28")]
    [TestCase(6, 2024, "2024-06-02..2025-05-31")]
    [TestCase(7, 2024, "2023-07-02..2024-06-29", Description = "half and half: the year in which it ends")]
    [TestCase(10, 2024, "2023-10-01..2024-09-28")]
    public void A_retail_year_has_the_same_name_rule_whichever_way_its_weeks_fall(int yearStarts, int name, string days)
    {
        var calendar = new ReportingCalendar(new CalendarSettings
        {
            WeekStarts = DayOfWeek.Sunday,
            FiscalYearStarts = yearStarts,
            Retail = RetailPattern.FourFourFive,
        });

        Assert.That(calendar.FiscalYearPeriod(name), Is.EqualTo(Some.Days(days)));
    }

    [TestCase("2020-12-31", Grain.Week, "2020-12-28..2021-01-03", Description = "week 53")]
    [TestCase("2026-03-29", Grain.Week, "2026-03-23..2026-03-29", Description = "Sunday ends a week")]
    [TestCase("2024-02-29", Grain.Month, "2024-02-01..2024-02-29")]
    [TestCase("2024-02-29", Grain.Quarter, "2024-01-01..2024-03-31")]
    [TestCase("2024-02-29", Grain.Day, "2024-02-29..2024-02-29")]
    public void Containing_finds_the_period_around_a_day(string day, Grain grain, string days) =>
        Assert.That(Iso.Containing(grain, Some.Day(day)), Is.EqualTo(Some.Days(days)));

    [Test]
    public void The_elapsed_part_of_a_period_has_the_neighbors_of_the_whole() =>
        Assert.That(Iso.Shift(Grain.Month, Some.Days("2026-03-01..2026-03-10"), -1), Is.EqualTo(Some.Days("2026-02-01..2026-02-28")));

    [TestCase("2026-11-09", "2026-11-16", "2026-W46")]
    [TestCase("2026-11-15", "2026-11-17", "2026-W46 2026-W47")]
    [TestCase("2026-11-15", "2026-11-16", "2026-W46")]
    [TestCase("2026-11-09", "2026-11-09", "")]
    [TestCase("2026-11-16", "2026-11-09", "")]
    public void Covering_takes_the_first_day_in_and_leaves_the_last_one_out(string from, string to, string weeks) =>
        Assert.That(
            string.Join(' ', Iso.Covering(Grain.Week, Some.Day(from), Some.Day(to)).Select(week => Iso.Key(Grain.Week, week))),
            Is.EqualTo(weeks));

    [TestCase(Grain.Day, "2026-11-09..2026-11-09", "2025-11-10..2025-11-10", Description = "a Monday for a Monday")]
    [TestCase(Grain.Week, "2026-11-09..2026-11-15", "2025-11-10..2025-11-16")]
    [TestCase(Grain.Week, "2020-12-28..2021-01-03", "2019-12-30..2020-01-05", Description = "week 53 of 2020 has week 1")]
    [TestCase(Grain.Week, "2026-11-09..2026-11-11", "2025-11-10..2025-11-12", Description = "the elapsed part of a week")]
    [TestCase(Grain.Month, "2024-02-01..2024-02-29", "2023-02-01..2023-02-28")]
    [TestCase(Grain.Quarter, "2024-01-01..2024-03-31", "2023-01-01..2023-03-31")]
    [TestCase(Grain.Year, "2024-01-01..2024-12-31", "2023-01-01..2023-12-31")]
    public void A_week_is_compared_364_days_back_and_longer_periods_by_name(Grain grain, string period, string yearAgo) =>
        Assert.That(Iso.YearAgo(grain, Some.Days(period)), Is.EqualTo(Some.Days(yearAgo)));

    [TestCase("2023-P12", "2022-P12", Description = "five weeks against four: the 53rd belongs to the last month")]
    [TestCase("2024-P01", "2023-P01")]
    public void A_retail_month_is_compared_with_the_same_month_of_the_retail_year_before(string month, string yearAgo)
    {
        Assert.That(Some.Nrf.TryParse(Grain.Month, month, out var period), Is.True);
        Assert.That(Some.Nrf.Key(Grain.Month, Some.Nrf.YearAgo(Grain.Month, period!)), Is.EqualTo(yearAgo));
    }

    [TestCase(Grain.Month, "2024-02-29", "2024-02-01..2024-02-29", "2023-02-01..2023-02-28")]
    [TestCase(Grain.Year, "2024-02-29", "2024-01-01..2024-02-29", "2023-01-01..2023-02-28")]
    [TestCase(Grain.Week, "2026-11-11", "2026-11-09..2026-11-11", "2025-11-10..2025-11-12")]
    [TestCase(Grain.Day, "2026-11-11", "2026-11-11..2026-11-11", "2025-11-12..2025-11-12")]
    public void To_date_ends_with_the_day_itself(Grain grain, string lastDay, string toDate, string yearAgo)
    {
        Assert.That(Iso.ToDate(grain, Some.Day(lastDay)), Is.EqualTo(Some.Days(toDate)));
        Assert.That(Iso.ToDateYearAgo(grain, Some.Day(lastDay)), Is.EqualTo(Some.Days(yearAgo)));
    }

    [TestCase(Grain.Month, "2024-02-10", "2024-02-04..2024-02-10", "2023-01-29..2023-02-04")]
    [TestCase(Grain.Year, "2024-02-03", "2023-01-29..2024-02-03", "2022-01-30..2023-02-04", Description = "53 weeks against as many")]
    public void Retail_spans_to_date_are_compared_over_as_many_days(Grain grain, string lastDay, string toDate, string yearAgo)
    {
        Assert.That(Some.Nrf.ToDate(grain, Some.Day(lastDay)), Is.EqualTo(Some.Days(toDate)));
        Assert.That(Some.Nrf.ToDateYearAgo(grain, Some.Day(lastDay)), Is.EqualTo(Some.Days(yearAgo)));
    }
}
