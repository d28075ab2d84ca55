using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Metrics.Core.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Periods;

public sealed class PeriodNamesTests
{
    private static readonly ReportingCalendar Iso = Some.Calendar();

    [Test]
    public void A_key_is_read_back_as_the_same_period_of_the_same_grain() => Check.QuickThrowOnFailure(
        Prop.ForAll(Some.Looks, look =>
        {
            var key = look.Calendar.Key(look.Grain, look.Period);
            return look.Calendar.TryParse(look.Grain, key, out var period) && period == look.Period
                && look.Calendar.TryParse(key, out var grain, out period) && (grain, period) == (look.Grain, look.Period);
        }));

    [Test]
    public void Every_calendar_names_the_weeks_of_a_53_week_year_apart_and_reads_them_back()
    {
        foreach (var settings in Some.Settings)
        {
            var calendar = new ReportingCalendar(settings);
            foreach (var grain in Some.Grains)
            {
                var periods = calendar.Covering(grain, Some.Day("2020-01-01"), Some.Day("2022-01-01"));
                var keys = periods.Select(period => calendar.Key(grain, period)).ToArray();

                Assert.That(keys, Is.Unique);
                Assert.That(keys, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal), settings.ToString());
                Assert.That(keys.Select(key => calendar.TryParse(grain, key, out var period) ? period : null), Is.EqualTo(periods));
            }
        }
    }

    [Test]
    public void A_date_stands_for_the_period_of_any_grain_that_holds_it() => Check.QuickThrowOnFailure(
        Prop.ForAll(Some.Looks, look =>
        {
            var date = look.Day.ToString("O", CultureInfo.InvariantCulture);
            return look.Calendar.TryParse(look.Grain, date, out var period) && period == look.Period;
        }));

    [TestCase("2026-11-09", Grain.Day, "2026-11-09..2026-11-09")]
    [TestCase("2026-W46", Grain.Week, "2026-11-09..2026-11-15")]
    [TestCase("2026-11", Grain.Month, "2026-11-01..2026-11-30")]
    [TestCase("2026-Q4", Grain.Quarter, "2026-10-01..2026-12-31")]
    [TestCase("2026", Grain.Year, "2026-01-01..2026-12-31")]
    public void The_form_of_a_key_shows_its_grain(string text, Grain grain, string days)
    {
        Assert.That(Iso.TryParse(text, out var found, out var period), Is.True);
        Assert.That((found, period), Is.EqualTo((grain, Some.Days(days))));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("today")]
    [TestCase("2026-02-29")]
    [TestCase("2026-13")]
    [TestCase("2026-00")]
    [TestCase("2025-W53")]
    [TestCase("2026-W00")]
    [TestCase("2026-W1")]
    [TestCase("2026-Q5")]
    [TestCase("2026-Q0")]
    [TestCase("2026-P01", Description = "no retail calendar")]
    [TestCase("2026-11-09 ")]
    [TestCase("+026")]
    [TestCase("20 6")]
    [TestCase("2026-W-1")]
    [TestCase("٢٠٢٦")]
    [TestCase("0001-01-01")]
    [TestCase("9999-12-31")]
    [TestCase("9999-W52")]
    [TestCase("9999")]
    public void What_is_no_key_is_not_read(string? text)
    {
        Assert.That(Iso.TryParse(text, out _, out var period), Is.False);
        Assert.That(period, Is.Null);
        foreach (var grain in Some.Grains)
            Assert.That(Iso.TryParse(grain, text, out _), Is.False, grain.Name());
    }

    [Test]
    public void A_key_of_another_grain_is_not_read()
    {
        Assert.That(Iso.TryParse(Grain.Week, "2026-11", out _), Is.False);
        Assert.That(Iso.TryParse(Grain.Day, "2026-W46", out _), Is.False);
        Assert.That(Some.Nrf.TryParse(Grain.Month, "2026-11", out _), Is.False, "retail months are not the calendar's");
        Assert.That(Some.Nrf.TryParse(Grain.Month, "2026-P13", out _), Is.False);
    }

    [TestCase("1000-01-01")]
    [TestCase("8999-12-31")]
    public void At_the_edge_of_what_can_be_read_there_is_room_to_step(string text)
    {
        foreach (var settings in Some.Settings)
        {
            var calendar = new ReportingCalendar(settings);
            foreach (var grain in Some.Grains)
            {
                Assert.That(calendar.TryParse(grain, text, out var period), Is.True);
                Assert.That(() => (calendar.Shift(grain, period!, -500), calendar.Shift(grain, period!, 500)), Throws.Nothing);
            }
        }
    }

    [Test]
    public void A_key_belongs_to_the_elapsed_part_of_a_period_too() =>
        Assert.That(Iso.Key(Grain.Week, Some.Days("2021-01-01..2021-01-01")), Is.EqualTo("2020-W53"));

    [TestCase(Grain.Day, "2026-11-09..2026-11-09", "9 Nov 2026", "9 Nov")]
    [TestCase(Grain.Week, "2026-11-09..2026-11-15", "W46 · 9–15 Nov 2026", "W46")]
    [TestCase(Grain.Week, "2026-04-27..2026-05-03", "W18 · 27 Apr–3 May 2026", "W18")]
    [TestCase(Grain.Week, "2025-12-29..2026-01-04", "W1 · 29 Dec 2025–4 Jan 2026", "W1")]
    [TestCase(Grain.Month, "2026-11-01..2026-11-30", "Nov 2026", "Nov 26")]
    [TestCase(Grain.Quarter, "2026-10-01..2026-12-31", "Q4 2026", "Q4 26")]
    [TestCase(Grain.Year, "2026-01-01..2026-12-31", "2026", "2026")]
    public void Labels_of_a_calendar_year_need_no_legend(Grain grain, string days, string label, string shortLabel)
    {
        Assert.That(Iso.Label(grain, Some.Days(days)), Is.EqualTo(label));
        Assert.That(Iso.ShortLabel(grain, Some.Days(days)), Is.EqualTo(shortLabel));
    }

    [TestCase(Grain.Month, "2026-04-01..2026-04-30", "Apr 2026", "Apr 26")]
    [TestCase(Grain.Quarter, "2026-04-01..2026-06-30", "Q1 FY27", "Q1 FY27")]
    [TestCase(Grain.Year, "2026-04-01..2027-03-31", "FY27", "FY27")]
    public void Labels_of_a_fiscal_year_say_so(Grain grain, string days, string label, string shortLabel)
    {
        var calendar = Some.Calendar(fiscalYearStarts: 4);

        Assert.That(calendar.Label(grain, Some.Days(days)), Is.EqualTo(label));
        Assert.That(calendar.ShortLabel(grain, Some.Days(days)), Is.EqualTo(shortLabel));
    }

    [TestCase(Grain.Week, "2016-01-31..2016-02-06", "W5 · 31 Jan–6 Feb 2016", "W5")]
    [TestCase(Grain.Month, "2016-01-31..2016-02-27", "P1 FY16", "P1")]
    [TestCase(Grain.Quarter, "2016-01-31..2016-04-30", "Q1 FY16", "Q1 FY16")]
    [TestCase(Grain.Year, "2016-01-31..2017-01-28", "FY16", "FY16")]
    public void Labels_of_a_retail_year_say_so(Grain grain, string days, string label, string shortLabel)
    {
        Assert.That(Some.Nrf.Label(grain, Some.Days(days)), Is.EqualTo(label));
        Assert.That(Some.Nrf.ShortLabel(grain, Some.Days(days)), Is.EqualTo(shortLabel));
    }

    [TestCase("ar-SA")]
    [TestCase("th-TH")]
    [TestCase("de-DE")]
    public void Names_do_not_depend_on_the_culture_of_the_machine(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            var week = Some.Days("2026-05-11..2026-05-17");
            Assert.That(Iso.Label(Grain.Week, week), Is.EqualTo("W20 · 11–17 May 2026"));
            Assert.That(Iso.Key(Grain.Week, week), Is.EqualTo("2026-W20"));
            Assert.That(week.ToString(), Is.EqualTo("2026-05-11..2026-05-17"));
            Assert.That(Iso.TryParse(Grain.Week, "2026-05-13", out var read) && read == week, Is.True);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
