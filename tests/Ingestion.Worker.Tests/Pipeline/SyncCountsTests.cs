using Ingestion.Worker.Pipeline;
using Metrics.Core.Connectors;
using Metrics.Core.Periods;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Pipeline;

/// <summary>What a sync says that it did, and what the figures say afterwards.</summary>
public sealed class SyncCountsTests
{
    private static readonly string[] FiveOrders =
    [
        "1,2026-03-01,DE,10.50", "2,2026-03-02,DE,20", "3,2026-03-02,FR,5", "4,2026-03-10,FR,7.25", "5,2026-03-15,DE,1",
    ];

    private Company _company = null!;

    [SetUp]
    public void Found()
    {
        _company = new Company();
        _company.Orders(FiveOrders);
    }

    [TearDown]
    public void Close() => _company.Dispose();

    [Test]
    public async Task The_first_sync_reads_everything()
    {
        Assert.That(await _company.CountsAsync(), Is.EqualTo("5 read, 5 new, 0 changed, 0 vanished, 0 rejected"));
        Assert.That(await _company.FiguresAsync("revenue", Grain.Week, "2026-03-02", "2026-03-20"),
            Is.EqualTo((string[])["25", "8.25", "0 so far"]));
        Assert.That(await _company.FiguresAsync("revenue", Grain.Month, "2026-03-01", "2026-03-20", by: "country"),
            Is.EqualTo((string[])["DE 31.5 so far", "FR 12.25 so far"]));
    }

    [TestCase(false, "0 read, 0 new, 0 changed, 0 vanished, 0 rejected")]
    [TestCase(true, "5 read, 0 new, 0 changed, 0 vanished, 0 rejected")]
    public async Task The_same_file_again_changes_nothing(bool full, string counts)
    {
        await _company.CountsAsync();
        var before = _company.Stored();

        Assert.That(await _company.CountsAsync(full: full), Is.EqualTo(counts));
        Assert.That(_company.Stored(), Is.EqualTo(before));
        Assert.That(before.Points, Has.Length.EqualTo(5));
    }

    [Test]
    public async Task A_changed_row_restates_its_figures_and_the_old_ones_can_still_be_seen()
    {
        await _company.CountsAsync();
        var monday = _company.Clock.Now;
        _company.Orders([.. FiveOrders[..1], "2,2026-03-02,DE,30", .. FiveOrders[2..]]);

        Assert.That(await _company.CountsAsync(), Is.EqualTo("5 read, 0 new, 1 changed, 0 vanished, 0 rejected"));
        Assert.That(await _company.FigureAsync("revenue", Grain.Week, "2026-03-02"), Is.EqualTo("35 restated"));
        Assert.That(await _company.FigureAsync("revenue", Grain.Week, "2026-03-02", monday), Is.EqualTo("25"));
        Assert.That(await _company.FigureAsync("revenue", Grain.Week, "2026-03-09"), Is.EqualTo("8.25"), "the other week is not touched");
    }

    [Test]
    public async Task A_row_that_vanished_takes_its_amount_with_it_and_brings_it_back_when_it_comes_again()
    {
        await _company.CountsAsync();
        _company.Orders([FiveOrders[0], .. FiveOrders[2..]]);
        Assert.That(await _company.CountsAsync(), Is.EqualTo("4 read, 0 new, 0 changed, 1 vanished, 0 rejected"));
        Assert.That(await _company.FigureAsync("revenue", Grain.Day, "2026-03-02"), Is.EqualTo("5 restated"));

        _company.Orders(FiveOrders);
        Assert.That(await _company.CountsAsync(), Is.EqualTo("5 read, 1 new, 0 changed, 0 vanished, 0 rejected"));
        Assert.That(await _company.FigureAsync("revenue", Grain.Day, "2026-03-02"), Is.EqualTo("25 restated"));
    }

    [Test]
    public async Task Rejects_are_kept_with_their_place_while_good_rows_go_in_and_are_gone_after_the_file_is_mended()
    {
        _company.Orders("1,2026-03-01,DE,ten", "2,2026-03-02,DE,20", "3,03/02/2026,FR,5", "4,2026-03-10,FR");

        Assert.That(await _company.CountsAsync(), Is.EqualTo("4 read, 1 new, 0 changed, 0 vanished, 3 rejected"));
        Assert.That(await _company.RejectsAsync(), Is.EquivalentTo((string[])
        [
            "data/orders.csv:2: column 'amount' 'ten' is not a number.",
            "data/orders.csv:4: column 'day' '03/02/2026' is no ISO date such as 2026-11-09; declare its format.",
            "data/orders.csv:5: column 'amount' the row has 3 of 4 columns.",
        ]));
        Assert.That(await _company.FigureAsync("revenue", Grain.Day, "2026-03-02"), Is.EqualTo("20"));

        await _company.CountsAsync();
        Assert.That(await _company.RejectsAsync(), Has.Length.EqualTo(3), "the file is as it was");
        _company.Orders(FiveOrders);
        Assert.That(await _company.CountsAsync(), Is.EqualTo("5 read, 4 new, 0 changed, 0 vanished, 0 rejected"));
        Assert.That(await _company.RejectsAsync(), Is.Empty);
    }

    [Test]
    public async Task A_row_that_is_spoilt_today_keeps_what_it_said_yesterday()
    {
        await _company.CountsAsync();
        _company.Orders([FiveOrders[0], "2,2026-03-02,DE,abc", .. FiveOrders[2..]]);

        Assert.That(await _company.CountsAsync(), Is.EqualTo("5 read, 0 new, 0 changed, 0 vanished, 1 rejected"));
        Assert.That(await _company.FigureAsync("revenue", Grain.Day, "2026-03-02"), Is.EqualTo("25"));
    }

    [Test]
    public async Task A_key_that_stands_twice_in_a_file_is_rejected_where_it_stands_for_something_else()
    {
        _company.Orders("1,2026-03-01,DE,10", "2,2026-03-01,DE,1", "1,2026-03-01,DE,10", "1,2026-03-01,DE,99");

        Assert.That(await _company.CountsAsync(), Is.EqualTo("4 read, 2 new, 0 changed, 0 vanished, 1 rejected"));
        Assert.That(await _company.RejectsAsync(),
            Has.One.Matches(Does.StartWith("data/orders.csv:5: column 'order' the key '1 revenue' stands in this file before")));
        Assert.That(await _company.FigureAsync("revenue", Grain.Day, "2026-03-01"), Is.EqualTo("11"));
    }

    [Test]
    public async Task Without_a_key_two_equal_lines_are_two_records_and_the_same_file_again_is_none()
    {
        _company.Folder.Write("sources/shop.yaml",
            (await File.ReadAllTextAsync(_company.Folder["sources/shop.yaml"])).Replace("    key: [order]\n", "",
                StringComparison.Ordinal));
        _company.Orders("1,2026-03-01,DE,10", "1,2026-03-01,DE,10", "1,2026-03-01,DE,10");

        Assert.That(await _company.CountsAsync(), Is.EqualTo("3 read, 3 new, 0 changed, 0 vanished, 0 rejected"));
        Assert.That(await _company.CountsAsync(full: true), Is.EqualTo("3 read, 0 new, 0 changed, 0 vanished, 0 rejected"));
        Assert.That(await _company.FigureAsync("revenue", Grain.Day, "2026-03-01"), Is.EqualTo("30"));
    }

    [Test]
    public async Task A_later_file_overrules_an_earlier_one_by_key_and_both_again_change_nothing()
    {
        _company.OrdersIn("data/orders-2.csv", "1,2026-03-01,DE,11", "6,2026-03-01,DE,1");
        _company.Orders(FiveOrders);
        File.Move(_company.Folder["data/orders.csv"], _company.Folder["data/orders-1.csv"]);

        Assert.That(await _company.CountsAsync(), Is.EqualTo("7 read, 6 new, 0 changed, 0 vanished, 0 rejected"));
        Assert.That(await _company.FigureAsync("revenue", Grain.Day, "2026-03-01"), Is.EqualTo("12"));
        Assert.That(await _company.CountsAsync(full: true), Is.EqualTo("7 read, 0 new, 0 changed, 0 vanished, 0 rejected"));
    }

    [Test]
    public async Task A_negative_amount_counts_and_so_does_nothing()
    {
        _company.Orders("1,2026-03-01,DE,10", "2,2026-03-01,DE,-12.5", "3,2026-03-02,DE,0");

        Assert.That(await _company.CountsAsync(), Is.EqualTo("3 read, 3 new, 0 changed, 0 vanished, 0 rejected"));
        Assert.That(await _company.FiguresAsync("revenue", Grain.Day, "2026-03-01", "2026-03-03"), Is.EqualTo((string[])["-2.5", "0"]));
    }

    [Test]
    public async Task A_metric_without_data_has_no_figures_and_does_no_harm()
    {
        await _company.CountsAsync();

        Assert.That(await _company.FiguresAsync("stock", Grain.Week, "2026-03-02", "2026-03-16"),
            Is.EqualTo((string[])["n/a so far", "n/a so far"]));
        Assert.That(await _company.KnownAsOfAsync("stock"), Is.Null);
    }

    [Test]
    public async Task A_changed_mapping_reads_the_same_file_anew()
    {
        await _company.CountsAsync();
        var yaml = await File.ReadAllTextAsync(_company.Folder["sources/shop.yaml"]);
        _company.Folder.Write("sources/shop.yaml", yaml.Replace("country: country", "country: =all", StringComparison.Ordinal));

        Assert.That(await _company.CountsAsync(), Is.EqualTo("5 read, 0 new, 5 changed, 0 vanished, 0 rejected"));
        Assert.That(await _company.FiguresAsync("revenue", Grain.Day, "2026-03-02", "2026-03-03", by: "country"),
            Is.EqualTo((string[])["all 25 restated"]));
    }

    [Test]
    public async Task Two_syncs_of_one_source_do_not_run_at_once()
    {
        using var elsewhere = _company.Again();
        var company = Connectors.Definitions.Of(_company.Folder.Path);
        await using (await _company.Services.GetRequiredService<IWorkLock>().TryTakeAsync("shop", CancellationToken.None))
        {
            var second = elsewhere.Services.GetRequiredService<SourceSync>();
            Assert.That(await second.RunAsync(company, company.FindSource("shop")!, false, null, CancellationToken.None), Is.Null);
        }

        Assert.That(await elsewhere.CountsAsync(), Does.StartWith("5 read, 5 new"), "when the first has finished");
    }

    [Test]
    public async Task Models_run_only_when_what_they_read_has_changed()
    {
        Assert.That((await _company.SyncAsync()).Models.Single(), Is.EqualTo(new ModelRun("values", new(5, 0, 0, 0), null)));
        _company.Clock.Now += TimeSpan.FromHours(1);
        Assert.That((await _company.SyncAsync(full: true)).Models.Single().Outcome, Is.Null);

        _company.Orders(FiveOrders[..4]);
        Assert.That((await _company.SyncAsync()).Models.Single().Outcome!.Removed, Is.EqualTo(1));
    }

    [Test]
    public async Task A_new_day_completes_periods_without_any_new_data()
    {
        await _company.CountsAsync();
        Assert.That(await _company.FigureAsync("revenue", Grain.Week, "2026-03-16"), Is.EqualTo("0 so far"));

        _company.Clock.Now += TimeSpan.FromDays(3);
        Assert.That(await _company.CountsAsync(), Does.StartWith("0 read"));
        Assert.That(await _company.FigureAsync("revenue", Grain.Week, "2026-03-16"), Is.EqualTo("0"));
    }

    [Test]
    public async Task An_export_that_runs_behind_is_complete_only_through_its_newest_day()
    {
        _company.Folder.Write("sources/shop.yaml",
            await File.ReadAllTextAsync(_company.Folder["sources/shop.yaml"]) + "\n    complete_through: data\n");
        await _company.CountsAsync();
        Assert.That(await _company.FiguresAsync("revenue", Grain.Day, "2026-03-14", "2026-03-17"),
            Is.EqualTo((string[])["0", "1", "n/a so far"]));

        _company.Orders([.. FiveOrders, "6,2026-03-16,DE,2", "7,2027-01-01,DE,900"]);
        await _company.CountsAsync();
        Assert.That(await _company.FiguresAsync("revenue", Grain.Day, "2026-03-14", "2026-03-18"),
            Is.EqualTo((string[])["0", "1", "2", "n/a so far"]), "a day in the future is a plan, not news");
    }

    [Test]
    public async Task The_53rd_week_of_2026_is_a_week_like_any_other()
    {
        _company.Clock.Now = new DateTimeOffset(2027, 1, 11, 6, 0, 0, TimeSpan.Zero);
        _company.Orders("1,2026-12-27,DE,1", "2,2026-12-28,DE,10", "3,2027-01-03,DE,20", "4,2027-01-04,DE,100");
        await _company.CountsAsync();

        Assert.That(await _company.FiguresAsync("revenue", Grain.Week, "2026-12-28", "2027-01-11"), Is.EqualTo((string[])["30", "100"]));
        Assert.That(await _company.FiguresAsync("revenue", Grain.Year, "2026-12-28", "2027-01-11"),
            Is.EqualTo((string[])["11 so far", "120 so far"]));
    }
}
