using System.Text.Json;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Tests.Support;

namespace Ingestion.Worker.Tests.Commands;

/// <summary>What scripts rely on: exit codes, messages that say what to do, and files that are whole.</summary>
public sealed class CommandLineTests
{
    private const string Source = """
        id: shop
        connector: csv
        streams:
          - name: orders
            file: data/orders.csv
            record: metric_value
            key: [order]
            time: { column: day }
            metrics: { revenue: amount }
            dimensions: { country: country, channel: channel }
        """;

    private TempFolder _folder = null!;

    [SetUp]
    public void WriteWorkspace()
    {
        _folder = new TempFolder();
        _folder.Write("calendar.yaml", "currency: EUR\n");
        _folder.Write("metrics/shop.yaml", """
            metrics:
              - id: revenue
                name: Revenue
                unit: currency
                over_time: sum
                over_segments: sum
                missing: zero
                dimensions: [country, channel]
            """);
        _folder.Write("sources/shop.yaml", Source);
        Orders("1,2026-03-01,DE,web,10.50", "2,2026-03-02,DE,shop,20", "3,2026-03-02,FR,web,5");
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCase("frobnicate", 2, "'frobnicate'")]
    [TestCase("sync --frobnicate", 2, "'--frobnicate'")]
    [TestCase("export --metric revenue", 2, "--grain")]
    [TestCase("export --grain month", 2, "--metric")]
    [TestCase("export --metric revenue --grain fortnight", 2, "fortnight")]
    [TestCase("export --metric revenue --grain month --from 01.02.2026", 2,
        "--from takes an ISO date such as 2026-11-09, not '01.02.2026'.")]
    [TestCase("export --metric revenue --grain month --to 2026-02-30", 2, "--to takes an ISO date")]
    [TestCase("export --metric revenue --grain month --as-of yesterday", 2,
        "--as-of takes an instant such as 2026-11-09T06:00:00Z, not 'yesterday'.")]
    [TestCase("export --metric revenue --grain month --format xml", 2, "--format takes csv or json, not 'xml'.")]
    [TestCase("export --metric revenues --grain month", 1, "There is no metric 'revenues'. Did you mean revenue?")]
    [TestCase("export --metric revenue --grain month --from 2026-03-01 --by plan", 1,
        "'revenue' is not stored by 'plan'. Its dimensions are channel, country.")]
    [TestCase("records --metric revenue", 2, "--period")]
    [TestCase("records --period 2026-03", 2, "--metric")]
    [TestCase("records --metric revenue --period soon", 2, "'soon' is no period of the calendar. Use one such as 2026-W46")]
    [TestCase("records --metric revenue --period 2026-03 --grain week", 2, "'2026-03' is no week of the calendar.")]
    [TestCase("records --metric revenue --period 2026-03 --grain fortnight", 2, "fortnight")]
    [TestCase("records --metric revenue --period 2026-03 --dim DE", 2, "--dim takes NAME=VALUE such as plan=Pro, not 'DE'.")]
    [TestCase("records --metric revenue --period 2026-03 --dim plan=Pro", 2,
        "'revenue' is not stored by 'plan'. Its dimensions are channel, country.")]
    [TestCase("records --metric revenue --period 2026-03 --most 0", 2, "--most takes a number of lines from 1")]
    [TestCase("records --metric revenue --period 2026-03 --format xml", 2, "--format takes csv or json, not 'xml'.")]
    [TestCase("records --metric revenues --period 2026-03", 1, "There is no metric 'revenues'. Did you mean revenue?")]
    [TestCase("sync billing", 1, "There is no source 'billing'. The sources are shop.")]
    [TestCase("sync --from soon", 2, "--from takes an ISO date")]
    [TestCase("check billing", 1, "There is no source 'billing'. The sources are shop.")]
    [TestCase("check", 2, "SOURCE")]
    [TestCase("sample out --end 2026", 2, "--end takes an ISO date")]
    public async Task A_command_line_at_fault_is_told_what_it_takes(string line, int code, string message)
    {
        var result = await RunAsync(line.Split(' '));

        Assert.That(result.ExitCode, Is.EqualTo(code), result.ToString());
        Assert.That(result.Errors, Does.Contain(message).And.Not.Contain("   at "));
        Assert.That(result.Output, Is.Empty);
    }

    [Test]
    public async Task Sync_says_a_line_for_each_stream_and_model()
    {
        var first = await RunAsync("sync");
        Assert.That(first.Output,
            Is.EqualTo("shop/orders: 3 read, 3 new, 0 changed, 0 vanished, 0 rejected\n"
                + "model values: 3 new, 0 changed, 0 removed points\n"));
        Assert.That((first.ExitCode, first.Errors), Is.EqualTo((0, "")));

        var second = await RunAsync("sync", "shop");
        Assert.That(second.Output, Is.EqualTo("shop/orders: 0 read, 0 new, 0 changed, 0 vanished, 0 rejected\n"));
        var full = await RunAsync("sync", "--full");
        Assert.That(full.Output, Is.EqualTo("shop/orders: 3 read, 0 new, 0 changed, 0 vanished, 0 rejected\n"));
    }

    [TestCase(false, 0)]
    [TestCase(true, 1)]
    public async Task Rejects_beside_good_rows_are_a_failure_only_where_strict_is_asked_for(bool strict, int code)
    {
        Orders("1,2026-03-01,DE,web,10.50", "2,2026-03-02,DE,shop,twenty");

        var sync = await RunAsync(strict ? ["sync", "--strict"] : ["sync"]);

        Assert.That(sync.ExitCode, Is.EqualTo(code));
        Assert.That(sync.Output, Does.StartWith("shop/orders: 2 read, 1 new, 0 changed, 0 vanished, 1 rejected\n"));
        Assert.That(sync.Errors,
            Does.Contain("shop/orders: data/orders.csv:3: column 'amount' 'twenty' is not a number.")
                .And.Contain("1 rejected of shop are kept"));
    }

    [TestCase(false, 0)]
    [TestCase(true, 1)]
    public async Task Rows_that_a_model_leaves_out_are_named_at_every_sync_of_their_source_until_they_are_mended(bool strict, int code)
    {
        _folder.Write("sources/survey.yaml", """
            id: survey
            connector: csv
            streams:
              - name: scores
                file: data/scores.csv
                record: survey_response
                key: [who]
                fields: { at: day, survey: =nps, scale: =0-10, respondent: who, score: score }
            """);
        _folder.Write("data/scores.csv", "who,day,score\na,2026-03-02,9\nb,2026-03-02,14\nc,2026-03-03,10\n");
        string[] line = strict ? ["sync", "--strict"] : ["sync"];
        const string warning = "warning: 1 scores of 'nps' are off their scale and left out. survey/scores b (";

        var first = await RunAsync(line);
        Assert.That(first.ExitCode, Is.EqualTo(code), first.ToString());
        Assert.That(first.Output, Does.EndWith(" removed points\n"));
        Assert.That(first.Errors, Does.StartWith(warning).And.EndWith(")\n"));
        Assert.That((await RunAsync(line)).Errors, Is.EqualTo(first.Errors), "nothing was new, and the figures still lack the row");

        var other = await RunAsync([.. line, "shop"]);
        Assert.That((other.ExitCode, other.Errors), Is.EqualTo((0, "")), "the row is of another source");

        _folder.Write("data/scores.csv", "who,day,score\na,2026-03-02,9\nb,2026-03-02,4\nc,2026-03-03,10\n");
        var mended = await RunAsync(line);
        Assert.That((mended.ExitCode, mended.Errors), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task A_file_of_nothing_but_rejects_is_at_fault()
    {
        Orders("1,2026-03-01,DE,web,ten");

        Assert.That((await RunAsync("sync")).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task A_source_without_its_file_is_at_fault_and_the_message_names_it()
    {
        File.Delete(_folder["data/orders.csv"]);

        foreach (var verb in (string[])["sync", "check"])
        {
            var result = await RunAsync(verb, "shop");
            Assert.That(result.ExitCode, Is.EqualTo(1), verb);
            Assert.That(result.Output + result.Errors, Does.Contain("shop/orders: there is no file 'data/orders.csv'"), verb);
        }
    }

    [Test]
    public async Task A_data_folder_that_cannot_be_made_is_told_without_a_stack_trace()
    {
        var file = _folder.Write("occupied", "a file");

        var sync = await KpiProcess.RunAsync("sync", "--workspace", _folder.Path, "--data", Path.Combine(file, "store"));

        Assert.That(sync.ExitCode, Is.EqualTo(3));
        Assert.That(sync.Errors, Does.Contain("occupied").And.Not.Contain("   at "));
    }

    [TestCase("validate")]
    [TestCase("sync")]
    [TestCase("check shop")]
    public async Task A_workspace_that_is_not_there_is_told_with_what_to_do(string line)
    {
        var missing = _folder["nowhere"];

        var result = await KpiProcess.RunAsync([.. line.Split(' '), "--workspace", missing, "--data", _folder["store"]]);

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Output + result.Errors, Does.Contain($"There is no workspace at {missing}. Name one with --workspace"));
    }

    [Test]
    public async Task Validate_says_a_line_for_each_fault_with_its_place()
    {
        Assert.That((await RunAsync("validate")).ExitCode, Is.Zero);
        _folder.Write("sources/shop.yaml",
            Source.Replace("revenue: amount", "revenues: amount", StringComparison.Ordinal) + "\ncolour: red\n");

        var result = await RunAsync("validate");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Output, Does.Contain("sources/shop.yaml:").And.Contain("unknown metric 'revenues'").And.Contain("colour"));
        Assert.That(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.All.Match(@"^[^:]+:\d+: .+"));
    }

    [Test]
    public async Task Check_shows_the_first_rows_and_stores_nothing()
    {
        var result = await RunAsync("check", "shop");

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Output, Does.StartWith("shop/orders: data/orders.csv, columns order, day, country, channel, amount\n"));
        Assert.That(result.Output, Does.Contain("\"value\":10.50"));
        Assert.That(Directory.Exists(_folder["store"]), Is.False);
    }

    [Test]
    public async Task Export_takes_the_first_day_and_leaves_out_the_last()
    {
        await RunAsync("sync");

        var export = await ExportAsync("--grain", "day", "--from", "2026-03-01", "--to", "2026-03-03");

        Assert.That(export.Select(WithoutAsOf), Is.EqualTo((string[])
        [
            "metric,period_start,period_end,value,complete,restated",
            "revenue,2026-03-01,2026-03-01,10.5,true,false",
            "revenue,2026-03-02,2026-03-02,25,true,false",
        ]));
    }

    [Test]
    public async Task Export_by_several_dimensions_gives_the_segments_only()
    {
        await RunAsync("sync");

        var export = await ExportAsync("--grain", "month", "--from", "2026-03-01", "--to", "2026-04-01", "--by", "country", "--by",
            "channel");

        Assert.That(export[0], Is.EqualTo("metric,period_start,period_end,country,channel,value,complete,as_of,restated"));
        Assert.That(export.Skip(1).Select(line => string.Join(' ', line.Split(',')[3..6])),
            Is.EquivalentTo((string[])["DE web 10.5", "DE shop 20", "FR web 5"]));
    }

    [Test]
    public async Task Export_writes_json_with_numbers()
    {
        await RunAsync("sync");

        var export = await RunAsync("export", "--metric", "revenue", "--grain", "month", "--from", "2026-03-01", "--to", "2026-04-01",
            "--format", "json");

        var row = JsonDocument.Parse(export.Output).RootElement[0];
        Assert.That(row.GetProperty("value").GetDecimal(), Is.EqualTo(35.5m));
        Assert.That(row.GetProperty("period_end").GetString(), Is.EqualTo("2026-03-31"));
    }

    [Test]
    public async Task Export_to_a_file_replaces_it_as_a_whole_and_leaves_nothing_beside_it()
    {
        await RunAsync("sync");
        _folder.Write("out/revenue.csv", "yesterday");

        var export = await RunAsync("export", "--metric", "revenue", "--grain", "month", "-o", _folder["out/revenue.csv"]);

        Assert.That((export.ExitCode, export.Output), Is.EqualTo((0, "")));
        Assert.That(await File.ReadAllTextAsync(_folder["out/revenue.csv"]), Does.StartWith("metric,period_start").And.Contain("35.5"));
        Assert.That(Directory.GetFiles(_folder["out"]), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Export_that_cannot_be_written_leaves_the_file_of_yesterday()
    {
        await RunAsync("sync");
        _folder.Write("out/revenue.csv", "yesterday");

        var export = await RunAsync("export", "--metric", "revenue", "--grain", "month", "--by", "plan", "-o", _folder["out/revenue.csv"]);
        var nowhere = await RunAsync("export", "--metric", "revenue", "--grain", "month", "-o", _folder["nowhere/revenue.csv"]);

        Assert.That(export.ExitCode, Is.EqualTo(1));
        Assert.That(await File.ReadAllTextAsync(_folder["out/revenue.csv"]), Is.EqualTo("yesterday"));
        Assert.That((nowhere.ExitCode, nowhere.Errors), Is.EqualTo((3, nowhere.Errors)));
        Assert.That(nowhere.Errors, Does.Contain("nowhere").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Records_are_all_lines_behind_a_value_with_what_they_come_to()
    {
        await RunAsync("sync");

        var month = await RunAsync("records", "--metric", "revenue", "--period", "2026-03");
        Assert.That(month.ExitCode, Is.Zero, month.ToString());
        Assert.That(month.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(4));
        Assert.That(month.Output.Split('\n')[0], Does.EndWith(",amount"));
        Assert.That(month.Errors, Is.EqualTo("revenue, Mar 2026: 3 lines, total 35.5, stored 35.5. It adds up.\n"));

        var day = await RunAsync("records", "--metric", "revenue", "--period", "2026-03-02", "--dim", "country=DE", "--dim", "channel=shop");
        Assert.That(day.Errors, Is.EqualTo("revenue, 2 Mar 2026: 1 line, total 20, stored 20. It adds up.\n"));
    }

    [Test]
    public async Task Records_as_json_go_to_a_file_and_name_the_largest_where_fewer_are_asked_for()
    {
        await RunAsync("sync");

        var result = await RunAsync(
            "records", "--metric", "revenue", "--period", "2026-03-02", "--grain", "month", "--format", "json", "--most", "1", "-o", _folder["r.json"]);

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "")), result.ToString());
        var json = JsonDocument.Parse(await File.ReadAllTextAsync(_folder["r.json"])).RootElement;
        Assert.That((json.GetProperty("period").GetString(), json.GetProperty("count").GetInt32()), Is.EqualTo(("2026-03", 3)));
        Assert.That(json.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("amount").GetDecimal()), Is.EqualTo([20m]));
        Assert.That((json.GetProperty("unlisted").GetDecimal(), json.GetProperty("total").GetDecimal()), Is.EqualTo((15.5m, 35.5m)));
        Assert.That(json.GetProperty("agrees").GetBoolean(), Is.True);
    }

    [Test]
    public async Task Records_that_do_not_come_to_the_stored_value_end_with_1()
    {
        await RunAsync("sync");
        var services = new ServiceCollection();
        services.AddStorage(new StorageOptions { DataFolder = _folder["store"] });
        await using (var stores = services.BuildServiceProvider())
        {
            var key = new SeriesKey("revenue", Grain.Day, Segment.Of([("country", "DE"), ("channel", "shop")]));
            await stores.GetRequiredService<ISeriesStore>().WriteAsync(
                [new SeriesPoints(key, [new Point(new DateOnly(2026, 3, 2), 21)])], new WriteStamp(TimeProvider.System.GetUtcNow(), "test"), CancellationToken.None);
        }

        var result = await RunAsync("records", "--metric", "revenue", "--period", "2026-03");

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Errors, Does.StartWith("revenue, Mar 2026: 3 lines, total 35.5, stored 36.5. It does not add up"));
    }

    [Test]
    public async Task Schema_writes_a_schema_for_each_kind_of_file()
    {
        var result = await RunAsync("schema", _folder["schemas"]);

        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(Directory.GetFiles(_folder["schemas"]).Select(Path.GetFileName), Is.SupersetOf((string[])
            ["boards.schema.json", "calendar.schema.json", "metrics.schema.json", "sources.schema.json"]));
        foreach (var file in Directory.GetFiles(_folder["schemas"]))
            Assert.That(JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.TryGetProperty("properties", out _), Is.True,
                file);
    }

    [Test]
    public async Task Connectors_are_listed_one_a_line() =>
        Assert.That((await RunAsync("connectors")).Output, Does.Contain("csv\tCSV files\t"));

    [Test]
    public async Task Sample_writes_a_workspace_without_faults_and_spares_a_folder_of_somebody_else()
    {
        var sample = await RunAsync("sample", _folder["sample"], "--end", "2026-11-21");
        Assert.That(sample.ExitCode, Is.Zero, sample.ToString());
        Assert.That((await KpiProcess.RunAsync("validate", "--workspace", _folder["sample"])).ExitCode, Is.Zero);

        var refused = await RunAsync("sample", _folder["data"], "--end", "2026-11-21");
        Assert.That(refused.ExitCode, Is.EqualTo(1), refused.ToString());
        Assert.That(refused.Errors, Does.Contain("is not empty and is not a sample workspace"));
    }

    private static string WithoutAsOf(string line) => string.Join(',', line.Split(',').Where((_, i) => i != 5));

    private void Orders(params IEnumerable<string> rows) =>
        _folder.Write("data/orders.csv", "order,day,country,channel,amount\n" + string.Concat(rows.Select(row => row + "\n")));

    private Task<KpiResult> RunAsync(params string[] line) =>
        KpiProcess.RunAsync([.. line, "--workspace", _folder.Path, "--data", _folder["store"]]);

    private async Task<string[]> ExportAsync(params string[] options)
    {
        var export = await RunAsync(["export", "--metric", "revenue", .. options]);
        Assert.That(export.ExitCode, Is.Zero, export.ToString());
        return export.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
