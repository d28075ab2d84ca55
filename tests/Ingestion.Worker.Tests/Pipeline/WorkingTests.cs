using System.Globalization;
using Ingestion.Worker.Pipeline;
using Ingestion.Worker.Tests.Sample;
using Metrics.Core;
using Metrics.Core.Catalog;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Tests.Support;

namespace Ingestion.Worker.Tests.Pipeline;

/// <summary>On whole workspaces: the working of a value, from the stored records, comes to the stored value.</summary>
public sealed class WorkingTests
{
    private TempFolder _data = null!;

    [SetUp]
    public void MakeRoom() => _data = new TempFolder();

    [TearDown]
    public void TidyUp()
    {
        SqliteConnection.ClearAllPools();
        _data.Dispose();
    }

    [TestCase("mrr-playbook", "mrr-playbook/expected_movements.csv", "2020-03-05", 6)]
    [TestCase("chinook", "chinook/invoice.csv", "2026-01-05", 6)]
    [TestCase("cdnow-sample", "cdnow-sample/CDNOW_sample.txt", "1998-07-06", 1)]
    [TestCase("growth", "growth/seattle_weather.csv", "2016-01-04", 6)]
    public async Task Every_value_of_a_reference_workspace_adds_up(string workspace, string data, string now, int periods)
    {
        Reference.File(data);
        await using var services = Services(Path.Combine(Repository.Root, "tests", "workspaces", workspace), now);
        var company = await SyncAsync(services);

        var checks = 0;
        foreach (var metric in await WithDataAsync(services, company))
            checks += await CheckAsync(services, company, metric, Enum.GetValues<Grain>(), periods);

        Assert.That(checks, Is.GreaterThan(60));
    }

    /// <summary>What every customer pays in every month, and what they paid the month before, out of the lines behind MRR and its movements.</summary>
    [Test]
    public async Task The_customers_of_every_month_of_the_MRR_playbook_are_the_published_ones()
    {
        var expected = Reference.Rows("mrr-playbook/expected_customer_months.csv");
        await using var services = Services(Path.Combine(Repository.Root, "tests", "workspaces", "mrr-playbook"), "2020-03-05");
        var company = await SyncAsync(services);

        var found = new List<string>();
        foreach (var month in expected.Select(row => row["month"]).Distinct().Order(StringComparer.Ordinal))
        {
            var paid = await AmountsAsync(services, company, "mrr", month, "customer");
            var categories = new Dictionary<string, (string Category, decimal Change)>();
            foreach (var category in (string[])["new", "reactivation", "expansion", "contraction", "churn"])
            {
                foreach (var (customer, amount) in await AmountsAsync(services, company, "mrr_" + category, month, "customer"))
                    categories[customer] = (category, category is "contraction" or "churn" ? -amount : amount);
            }

            foreach (var customer in paid.Keys.Union(categories.Keys))
            {
                var (mrr, (category, change)) = (paid.GetValueOrDefault(customer), categories.GetValueOrDefault(customer, ("", 0)));
                found.Add(string.Create(CultureInfo.InvariantCulture, $"{month} {customer} {mrr:0.##} {mrr - change:0.##} {change:0.##} {category}"));
            }
        }

        Assert.That(found, Is.EquivalentTo(expected
            .Where(row => row["mrr"] != "0" || row["previous_mrr"] != "0")
            .Select(row => $"{row["month"]} {row["customer_id"]} {row["mrr"]} {row["previous_mrr"]} {row["change"]} {row["category"]}")));
    }

    private static async Task<Dictionary<string, decimal>> AmountsAsync(
        IServiceProvider services, CompanyDefinition company, string metric, string month, string column)
    {
        var period = company.Calendar.Containing(Grain.Month, DateOnly.ParseExact(month, "yyyy-MM-dd", CultureInfo.InvariantCulture));
        var working = await services.GetRequiredService<WorkingReader>().ReadAsync(
            company, company.Catalog[metric], Grain.Month, period, new Dictionary<string, string>(), int.MaxValue, CancellationToken.None);
        var place = working.Lines!.Columns.ToList().FindIndex(one => one.Name == column);
        return working.Lines.Lines.GroupBy(line => (string)line.Cells[place]!).ToDictionary(own => own.Key, own => own.Sum(line => line.Amount));
    }

    [Test]
    public async Task Every_metric_of_the_sample_company_adds_up_in_total_and_by_segment()
    {
        using var books = new SampleBooks(new DateOnly(2026, 11, 21));
        await using var services = Services(books[""], "2026-11-22");
        var company = await SyncAsync(services);

        var metrics = await WithDataAsync(services, company);

        // A working reads every record of its streams, so of the metrics that share a measure the first is asked.
        foreach (var metric in metrics.Where(metric => metric.Formula is not null).Concat(metrics.Where(metric => metric.Formula is null).DistinctBy(metric => metric.Model ?? metric.Id)))
            await CheckAsync(services, company, metric, [Grain.Month], periods: 1);

        var models = services.GetServices<Metrics.Core.Models.IModel>();
        var measures = models.SelectMany(model => model.Measures.Select(measure => $"{model.Name}.{measure}"));
        Assert.That(metrics.Select(metric => metric.Model).OfType<string>().Distinct(), Is.SubsetOf(measures));
        Assert.That(metrics.Select(metric => metric.Model?.Split('.')[0] ?? (metric.Formula is null ? "values" : "formula")).Distinct(),
            Is.EquivalentTo(models.Select(model => model.Name).Append("formula")));
    }

    /// <summary>The newest complete periods of some grains, in total and in the first segment of every dimension.</summary>
    private static async Task<int> CheckAsync(IServiceProvider services, CompanyDefinition company, Metric metric, IReadOnlyList<Grain> grains, int periods)
    {
        var reader = services.GetRequiredService<WorkingReader>();
        var known = await services.GetRequiredService<KnownDays>().ReadAsync(company.Calendar, company.Catalog, metric, Grain.Week, null, CancellationToken.None);
        var finest = company.Catalog.StoredInputs(metric).Max(input => input.NativeGrain);
        var checks = 0;
        foreach (var grain in grains.Where(grain => grain >= finest))
        {
            var newest = company.Calendar.Containing(grain, known!.LastDay);
            foreach (var period in Enumerable.Range(0, periods).Select(i => company.Calendar.Shift(grain, newest, -i)))
            {
                foreach (var filter in await FiltersAsync(services, company, metric))
                {
                    var working = await reader.ReadAsync(company, metric, grain, period, filter, 5, CancellationToken.None);
                    var where = string.Create(CultureInfo.InvariantCulture, $"{metric.Id} {period} {string.Join(' ', filter)}: {working.Reason}");
                    Assert.That(working.Reason, Is.Null, where);
                    Assert.That(working.Agrees, Is.True, $"{where} stored {working.Stored.Value}, lines {working.Total}");
                    checks++;
                }
            }
        }

        return checks;
    }

    private static async Task<IReadOnlyList<Dictionary<string, string>>> FiltersAsync(IServiceProvider services, CompanyDefinition company, Metric metric)
    {
        var filters = new List<Dictionary<string, string>> { new() };
        var input = company.Catalog.StoredInputs(metric)[0];
        foreach (var dimension in company.Catalog.DimensionsOf(metric))
        {
            var values = await services.GetRequiredService<ISeriesStore>().DimensionValuesAsync(input.Id, dimension, CancellationToken.None);
            if (values.Count > 0 && filters.Count < 2)
                filters.Add(new Dictionary<string, string> { [dimension] = values[^1] });
        }

        return filters;
    }

    private static async Task<IReadOnlyList<Metric>> WithDataAsync(IServiceProvider services, CompanyDefinition company)
    {
        var watermarks = services.GetRequiredService<IWatermarkStore>();
        var found = new List<Metric>();
        foreach (var metric in company.Catalog.Metrics)
        {
            var inputs = company.Catalog.StoredInputs(metric);
            var progress = await watermarks.ReadAsync([.. inputs.Select(input => input.Id)], null, CancellationToken.None);
            if (inputs.All(input => progress.ContainsKey(input.Id)))
                found.Add(metric);
        }

        return found;
    }

    private ServiceProvider Services(string workspace, string now)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(new FakeClock(now + "T06:00:00Z"));
        services.AddStorage(new StorageOptions { DataFolder = _data["store"] });
        services.AddCore(workspace);
        services.AddIngestion();
        return services.BuildServiceProvider();
    }

    private static async Task<CompanyDefinition> SyncAsync(IServiceProvider services)
    {
        var company = services.GetRequiredService<LiveDefinition>().Current;
        foreach (var source in company.Sources)
            Assert.That((await services.GetRequiredService<SourceSync>().RunAsync(company, source, false, null, CancellationToken.None))?.Run.Outcome,
                Is.EqualTo(SyncOutcome.Succeeded).Or.EqualTo(SyncOutcome.SucceededWithRejects), source.Id);
        return company;
    }
}
