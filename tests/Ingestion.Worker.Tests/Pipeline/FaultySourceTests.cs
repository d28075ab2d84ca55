using System.Runtime.CompilerServices;
using Ingestion.Worker.Connectors.Csv;
using Metrics.Core.Connectors;
using Metrics.Core.Models;
using Metrics.Core.Periods;
using Metrics.Core.Workspace;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Pipeline;

/// <summary>Exports break overnight. What was known stays, and somebody is told what to do.</summary>
public sealed class FaultySourceTests
{
    private Company _company = null!;

    [SetUp]
    public async Task FoundAsync()
    {
        _company = new Company();
        _company.Orders("1,2026-03-01,DE,10", "2,2026-03-02,DE,20", "3,2026-03-03,FR,5");
        await _company.CountsAsync();
    }

    [TearDown]
    public void Close() => _company.Dispose();

    [Test]
    public async Task A_column_that_is_missing_overnight_is_named_and_everything_stays_as_it_was()
    {
        var (before, fresh) = (_company.Stored(), await _company.KnownAsOfAsync("revenue"));
        _company.Folder.Write("data/orders.csv", "order,day,country,total\n1,2026-03-01,DE,11\n");

        Assert.That(await _company.CountsAsync(),
            Is.EqualTo("data/orders.csv: there is no column 'amount'. The columns are: order, day, country, total. "
            + "What was read before is kept; mend the file or the mapping and sync again."));
        Assert.That(_company.Stored(), Is.EqualTo(before));
        Assert.That(await _company.KnownAsOfAsync("revenue"), Is.EqualTo(fresh));
        Assert.That(await _company.CountsAsync(), Does.StartWith("data/orders.csv: there is no column"), "until somebody mends it");
    }

    [TestCase("", "data/orders.csv is empty")]
    [TestCase("order,day,country,amount\n", "data/orders.csv has no rows, and records were read from it before.")]
    [TestCase("order,day,country,amount\n1;2026-03-01;DE;10\n",
        "data/orders.csv has no row that could be taken, and records were read from it before.")]
    public async Task A_file_that_lost_its_rows_overnight_wipes_nothing_until_it_is_meant_so(string content, string message)
    {
        var (before, fresh) = (_company.Stored(), await _company.KnownAsOfAsync("revenue"));
        _company.Folder.Write("data/orders.csv", content);

        for (var night = 1; night <= 3; night++)
        {
            Assert.That(await _company.CountsAsync(), Does.StartWith(message), $"night {night}");
            Assert.That(_company.Stored(), Is.EqualTo(before), $"night {night}");
            Assert.That(await _company.KnownAsOfAsync("revenue"), Is.EqualTo(fresh), $"night {night}");
        }
    }

    [Test]
    public async Task A_file_that_really_is_empty_now_is_taken_with_full()
    {
        _company.Orders();

        Assert.That(await _company.CountsAsync(full: true), Is.EqualTo("0 read, 0 new, 0 changed, 3 vanished, 0 rejected"));
        Assert.That(_company.Stored().Records, Is.Empty);
        Assert.That(await _company.FigureAsync("revenue", Grain.Day, "2026-03-02"), Is.EqualTo("0 restated"));
    }

    [Test]
    public async Task Rows_that_the_mapping_leaves_out_on_purpose_may_be_all_of_them()
    {
        _company.Folder.Write("sources/shop.yaml",
            await File.ReadAllTextAsync(_company.Folder["sources/shop.yaml"]) + "\n    where: { country: [FR] }\n");
        Assert.That(await _company.CountsAsync(), Does.Contain("2 vanished"));
        _company.Orders("1,2026-03-01,DE,10");

        Assert.That(await _company.CountsAsync(), Is.EqualTo("1 read, 0 new, 0 changed, 1 vanished, 0 rejected"));
    }

    [Test]
    public async Task A_stream_that_fails_does_not_hide_the_others()
    {
        _company.Folder.Write("sources/shop.yaml", """
            id: shop
            connector: csv
            streams:
              - { name: returns, file: data/returns.csv, record: signup }
              - name: orders
                file: data/orders.csv
                record: metric_value
                key: [order]
                time: { column: day }
                metrics: { revenue: amount }
                dimensions: { country: country }
            """);
        _company.Orders("1,2026-03-01,DE,10", "2,2026-03-02,DE,20", "3,2026-03-03,FR,6");
        _company.Clock.Now += TimeSpan.FromHours(1);

        var run = (await _company.SyncAsync()).Run;

        Assert.That(run.Streams.Select(Company.CountsOf), Is.EqualTo((string[])
        [
            $"there is no file 'data/returns.csv' in {_company.Folder.Path}. What was read before is kept.",
            "3 read, 0 new, 1 changed, 0 vanished, 0 rejected",
        ]));
        Assert.That(run.Outcome, Is.EqualTo(SyncOutcome.Failed));
        Assert.That(run.Message, Does.StartWith("returns: there is no file"));
        Assert.That(await _company.FigureAsync("revenue", Grain.Day, "2026-03-03"), Is.EqualTo("6 restated"));
        Assert.That(await _company.KnownAsOfAsync("revenue"), Is.EqualTo(_company.Clock.Now));
    }

    [Test]
    public async Task A_sync_of_another_source_does_not_make_a_metric_fresher()
    {
        var fresh = await _company.KnownAsOfAsync("revenue");
        _company.Folder.Write("data/stock.csv", "day,count\n2026-03-01,7\n");
        _company.Folder.Write("sources/store.yaml", """
            id: store
            connector: csv
            streams:
              - { name: stock, file: data/stock.csv, record: metric_value, key: [day], time: { column: day }, metrics: { stock: count } }
            """);

        Assert.That(await _company.CountsAsync("store"), Does.StartWith("1 read, 1 new"));
        Assert.That(await _company.CountsAsync("store"), Does.StartWith("0 read"));
        Assert.That(await _company.KnownAsOfAsync("stock"), Is.EqualTo(_company.Clock.Now));
        Assert.That(await _company.KnownAsOfAsync("revenue"), Is.EqualTo(fresh));
    }

    [Test]
    public async Task A_run_that_never_ended_is_marked_interrupted_by_the_next()
    {
        var runs = _company.Services.GetRequiredService<ISourceStore>();
        await runs.BeginAsync("shop", _company.Clock.Now, CancellationToken.None);

        await _company.CountsAsync();

        var newest = await runs.RunsAsync("shop", 2, CancellationToken.None);
        Assert.That(newest.Select(run => run.Outcome), Is.EqualTo((SyncOutcome[])[SyncOutcome.Succeeded, SyncOutcome.Interrupted]));
        Assert.That(newest[1].Message, Does.StartWith("The process ended in the middle. What was stored by then is kept"));
        Assert.That(newest[1].Finished, Is.Not.Null);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public async Task A_file_that_is_replaced_while_it_is_read_ends_in_the_state_of_the_new_one(int page)
    {
        _company.Orders("1,2026-03-01,DE,1", "2,2026-03-01,DE,2", "3,2026-03-01,DE,3", "4,2026-03-01,DE,4", "5,2026-03-01,DE,5");
        string[] replaced = ["2,2026-03-01,DE,20", "3,2026-03-01,DE,3", "6,2026-03-01,FR,60", "7,2026-03-01,FR,70"];
        using var company = _company.Again(services =>
            AfterPage(services, page, () => Replace(_company, "order,day,country,amount", replaced)));

        Assert.That(await company.CountsAsync(), Does.StartWith("4 read").And.EndsWith("0 rejected"));
        Assert.That(await company.FiguresAsync("revenue", Grain.Day, "2026-03-01", "2026-03-02", by: "country"),
            Is.EqualTo((string[])["DE 23 restated", "FR 130 restated"]));
        await AssertSameAsReadAtOnceAsync(company);
    }

    [Test]
    public async Task A_file_that_is_replaced_by_one_with_its_columns_in_another_order_is_read_by_their_names()
    {
        _company.Orders("1,2026-03-01,DE,1", "2,2026-03-01,DE,2", "3,2026-03-01,DE,3");
        using var company = _company.Again(services =>
            AfterPage(services, 0, () => Replace(_company, "amount,country,day,order", "50,FR,2026-03-01,5")));

        Assert.That(await company.CountsAsync(), Does.StartWith("1 read").And.EndsWith("0 rejected"));
        Assert.That(await company.FiguresAsync("revenue", Grain.Day, "2026-03-01", "2026-03-02", by: "country"),
            Does.Contain("FR 50").Or.Contain("FR 50 restated"));
        await AssertSameAsReadAtOnceAsync(company);
    }

    [Test]
    public async Task A_file_that_is_replaced_between_an_interrupted_sync_and_the_next_ends_in_the_state_of_the_new_one()
    {
        _company.Orders("1,2026-03-01,DE,1", "2,2026-03-01,DE,2", "3,2026-03-01,DE,3", "4,2026-03-01,DE,4", "5,2026-03-01,DE,5");
        using (var interrupted = _company.Again(services =>
            AfterPage(services, 1, () => throw new InvalidOperationException("The process ends."))))
            await Assert.ThatAsync(() => interrupted.SyncAsync(), Throws.InvalidOperationException);
        _company.Orders("2,2026-03-01,DE,20", "3,2026-03-01,DE,3", "6,2026-03-01,FR,60");

        Assert.That(await _company.CountsAsync(), Does.StartWith("3 read").And.EndsWith("0 rejected"));
        await AssertSameAsReadAtOnceAsync(_company);
    }

    [Test]
    public async Task A_file_that_never_stands_still_is_a_temporary_failure()
    {
        var writes = 0;
        using var company = _company.Again(services => AfterPage(services, null, () =>
            _company.Orders([.. Enumerable.Range(0, ++writes).Select(order => $"{order},2026-03-01,DE,1")])));
        _company.Orders("9,2026-03-01,DE,1");

        var stream = (await company.SyncAsync()).Run.Streams.Single();

        Assert.That(stream.Error, Does.StartWith("data/orders*.csv was being written while it was read"));
        Assert.That(stream.ErrorIsTemporary, Is.True);
    }

    [Test]
    public async Task A_model_that_cannot_compute_says_why_and_its_last_good_values_stay()
    {
        _company.Folder.Write("sources/billing.yaml", """
            id: billing
            connector: csv
            streams:
              - { name: subscriptions, file: data/subscriptions.csv, record: subscription_period, key: [id] }
            """);
        _company.Folder.Write("data/subscriptions.csv", "id,customer,start,end,amount,currency\n1,a,2026-01-01,,100,EUR\n");
        await _company.CountsAsync("billing");
        Assert.That(await _company.FigureAsync("mrr", Grain.Month, "2026-02-01"), Is.EqualTo("100"));
        var fresh = await _company.KnownAsOfAsync("mrr");

        _company.Folder.Write("data/subscriptions.csv",
            "id,customer,start,end,amount,currency\n1,a,2026-01-01,,100,EUR\n2,b,2026-01-01,,90,USD\n");
        _company.Clock.Now += TimeSpan.FromHours(1);
        var models = (await _company.SyncAsync("billing")).Models;

        Assert.That(models.Single(model => model.Model == "revenue").Error,
            Does.StartWith("subscriptions are in several currencies (EUR, USD)"));
        Assert.That(await _company.FigureAsync("mrr", Grain.Month, "2026-02-01"), Is.EqualTo("100"));
        Assert.That(await _company.KnownAsOfAsync("mrr"), Is.EqualTo(fresh));
        var state = _company.Services.GetRequiredService<IModelStateStore>();
        Assert.That((await state.FaultsAsync(CancellationToken.None)).Keys, Is.EqualTo(["revenue"]));

        _company.Folder.Write("data/subscriptions.csv",
            "id,customer,start,end,amount,currency\n1,a,2026-01-01,,100,EUR\n2,b,2026-01-01,,90,EUR\n");
        _company.Clock.Now += TimeSpan.FromHours(1);
        await _company.SyncAsync("billing");
        Assert.That(await _company.FigureAsync("mrr", Grain.Month, "2026-02-01"), Does.StartWith("190"));
        Assert.That(await state.FaultsAsync(CancellationToken.None), Is.Empty);
    }

    [Test]
    public async Task A_subscription_that_ends_before_it_starts_is_rejected_and_a_free_one_is_not()
    {
        _company.Folder.Write("sources/billing.yaml", """
            id: billing
            connector: csv
            streams:
              - { name: subscriptions, file: data/subscriptions.csv, record: subscription_period, key: [id] }
            """);
        _company.Folder.Write("data/subscriptions.csv", """
            id,customer,start,end,amount
            1,a,2026-01-01,2025-12-31,100
            2,b,2026-01-01,2026-02-01,0
            3,c,2026-01-01,,-5
            4,d,2026-01-01,2026-01-01,70
            5,e,2026-01-01,,30

            """);

        Assert.That(await _company.CountsAsync("billing"), Is.EqualTo("5 read, 3 new, 0 changed, 0 vanished, 2 rejected"));
        Assert.That(await _company.RejectsAsync("billing"), Is.EquivalentTo((string[])
        [
            "data/subscriptions.csv:2: the row ends on 2025-12-31, before it starts on 2026-01-01.",
            "data/subscriptions.csv:4: the row has the negative amount -5; a credit is not a subscription.",
        ]));
        Assert.That(await _company.FigureAsync("mrr", Grain.Month, "2026-01-01"), Is.EqualTo("30"));
        Assert.That(await _company.FigureAsync("customers", Grain.Month, "2026-01-01"), Is.EqualTo("1"));
    }

    /// <summary>The stores hold what one undisturbed read of the file into empty stores gives.</summary>
    private static async Task AssertSameAsReadAtOnceAsync(Company company)
    {
        using var fresh = company.Again(services =>
        {
            services.RemoveAll<IConnector>();
            services.AddSingleton<IConnector>(new CsvConnector());
        }, "fresh-store");
        await fresh.SyncAsync();
        Assert.That(company.Stored().Records, Is.EqualTo(fresh.Stored().Records));
        Assert.That(company.Stored().Points, Is.EqualTo(fresh.Stored().Points));
    }

    private static void Replace(Company company, string header, params string[] rows)
    {
        company.Folder.Write("data/new.csv", $"{header}\n{string.Concat(rows.Select(row => row + "\n"))}");
        File.Move(company.Folder["data/new.csv"], company.Folder["data/orders.csv"], overwrite: true);
    }

    private static void AfterPage(IServiceCollection services, int? page, Action happens)
    {
        services.RemoveAll<IConnector>();
        services.AddSingleton<IConnector>(new Interfering(new CsvConnector { RowsPerPage = 2 }, page, happens));
    }

    /// <summary>Lets something happen right after a page was read, once; without a number after every page.</summary>
    private sealed class Interfering(IConnector inner, int? page, Action happens) : IConnector
    {
        private int _pages;

        public string Id => inner.Id;

        public string Name => inner.Name;

        public IReadOnlyList<Key> StreamKeys => inner.StreamKeys;

        public async IAsyncEnumerable<SourcePage> ReadAsync(
            WorkspaceFolder workspace, SourceStream stream, string? checkpoint,
                [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var read in inner.ReadAsync(workspace, stream, checkpoint, cancellationToken))
            {
                yield return read;
                if (page is null || page == _pages++)
                    happens();
            }
        }
    }
}
