using Metrics.Core.Periods;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Pipeline;

/// <summary>Moments become local days of Berlin, also on the days that have 23 and 25 hours.</summary>
public sealed class LocalDayTests
{
    [Test]
    public async Task Activity_falls_on_local_days_through_both_changes_of_the_clock()
    {
        using var company = new Company("2026-11-02T06:00:00Z");
        company.Folder.Write("sources/app.yaml", """
            id: app
            connector: csv
            streams:
              - { name: events, file: data/events.csv, record: activity, fields: { user: user, event: =open }, time: { column: at } }
            """);
        company.Folder.Write("data/events.csv", """
            user,at
            a,2026-03-28T22:59:59Z
            b,2026-03-28T23:00:00Z
            c,2026-03-29T03:30:00+02:00
            d,2026-03-29T21:59:59Z
            e,2026-03-29T22:00:00Z
            f,2026-10-24T21:59:59Z
            g,2026-10-24T22:00:00Z
            h,2026-10-25T02:30:00+02:00
            h,2026-10-25T02:30:00+01:00
            i,2026-10-25T22:59:59Z
            j,2026-10-25T23:00:00Z
            k,2026-10-25 02:30
            l,2026-03-29 02:30

            """);

        Assert.That(await company.CountsAsync("app"), Is.EqualTo("13 read, 13 new, 0 changed, 0 vanished, 0 rejected"));
        Assert.That(await company.FiguresAsync("active_users", Grain.Day, "2026-03-28", "2026-03-31"),
            Is.EqualTo((string[])["1", "4", "1"]));
        Assert.That(await company.FiguresAsync("active_users", Grain.Day, "2026-10-24", "2026-10-27"),
            Is.EqualTo((string[])["1", "4", "1"]));
        Assert.That(await company.FiguresAsync("events", Grain.Day, "2026-10-25", "2026-10-26"), Is.EqualTo((string[])["5"]));
        Assert.That(await company.FiguresAsync("active_users", Grain.Week, "2026-10-19", "2026-11-01"), Is.EqualTo((string[])["5", "1"]));
    }
}
