using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Ingestion.Worker.Tests.Sample;

/// <summary>What the workspace's files say about each other is true.</summary>
public sealed partial class SampleWorkspaceTests
{
    private SampleBooks _books = null!;

    [OneTimeSetUp]
    public void Write() => _books = new SampleBooks(new DateOnly(2026, 11, 21));

    [OneTimeTearDown]
    public void Remove() => _books.Dispose();

    [Test]
    public void Every_stream_reads_a_file_that_is_there_and_columns_that_it_has()
    {
        var faults = new List<string>();
        var streams = Streams().ToList();
        foreach (var (name, yaml) in streams)
        {
            var files = Directory.GetFiles(_books["data"], FileOf().Match(yaml).Groups[1].Value);
            if (files.Length == 0)
                faults.Add($"{name}: no such file");

            var delimiter = yaml.Contains("delimiter: \";\"", StringComparison.Ordinal) ? ';' : ',';
            foreach (var file in files)
            {
                var missing = Columns(yaml).Except(Csv.Header(file, delimiter));
                faults.AddRange(missing.Select(column => $"{name}: {Path.GetFileName(file)} has no column {column}"));
            }
        }

        Assert.That(streams.Select(stream => stream.Name).ToList(), Has.Count.EqualTo(14).And.Unique);
        Assert.That(streams.SelectMany(stream => Columns(stream.Yaml)).Count(), Is.GreaterThan(50), "or none were found in the YAML");
        Assert.That(faults, Is.Empty);
    }

    [Test]
    public void Every_data_file_is_read_by_one_stream()
    {
        var read = Streams().SelectMany(stream => Directory.GetFiles(_books["data"], FileOf().Match(stream.Yaml).Groups[1].Value));

        Assert.That(read, Is.EquivalentTo(Directory.GetFiles(_books["data"])));
    }

    [Test]
    public void A_key_finds_one_row()
    {
        foreach (var (name, yaml) in Streams().Where(stream => KeyOf().IsMatch(stream.Yaml)))
        {
            var delimiter = yaml.Contains("delimiter: \";\"", StringComparison.Ordinal) ? ';' : ',';
            var key = List(KeyOf().Match(yaml).Groups[1].Value);
            var rows = Csv.Read(_books["data/" + FileOf().Match(yaml).Groups[1].Value], delimiter);

            Assert.That(rows.Select(row => string.Join('|', key.Select(column => row[column]))), Is.Unique, name);
        }
    }

    [Test]
    public void Streams_of_events_are_complete_only_as_far_as_their_data()
    {
        // A ledger and a market study come by month and by quarter: their newest day says nothing about how late they are.
        var others = Streams().Where(stream => !stream.Yaml.Contains("\n    complete_through: data", StringComparison.Ordinal)).Select(stream => stream.Name);
        Assert.That(others, Is.EquivalentTo((string[])["finance/ledger", "market/market_size"]));
    }

    [Test]
    public void A_source_is_named_like_its_file_and_no_two_start_at_once()
    {
        var sources = Directory.GetFiles(_books["sources"]).ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);

        Assert.That(sources.Keys, Is.EquivalentTo(
            (string[])["billing", "product_analytics", "website", "surveys", "support", "crm", "finance", "market", "bank", "marketing"]));
        Assert.That(sources.Where(source => !source.Value.Contains($"\nid: {source.Key}\n", StringComparison.Ordinal)), Is.Empty);
        Assert.That(sources.Values.Select(yaml => ScheduleOf().Match(yaml).Value), Is.Unique);
    }

    [Test]
    public void The_metrics_that_sources_fill_are_declared()
    {
        var declared = IdOf().Matches(File.ReadAllText(_books["metrics/company.yaml"])).Select(match => match.Groups[1].Value).ToList();
        var filled = Streams().SelectMany(stream => MetricsOf().Matches(stream.Yaml)).SelectMany(match => List(match.Groups[1].Value))
            .Select(pair => pair.Split(':')[0]).ToList();

        Assert.That(filled, Has.Count.EqualTo(12).And.Unique);
        Assert.That(filled, Is.SubsetOf(declared));
    }

    [Test]
    public void The_weekly_board_goes_from_customers_to_financials_with_at_least_thirty_metrics_and_no_owner_is_unknown()
    {
        var board = File.ReadAllText(_books["boards/weekly.yaml"]);
        var metrics = TileOf().Matches(board).Select(match => match.Groups[1].Value).ToList();
        var owners = Directory.GetFiles(_books["metrics"]).SelectMany(file => OwnerOf().Matches(File.ReadAllText(file)));

        Assert.That(SectionOf().Matches(board).Select(match => match.Groups[1].Value), Is.EqualTo(
            (string[])["Customer", "Growth", "Engagement", "Retention", "Revenue", "Sales", "Market", "Financials"]));
        Assert.That(metrics, Has.Count.AtLeast(30).And.Unique);
        Assert.That(owners.Select(match => match.Groups[1].Value + ":").Distinct(), Is.All.Matches<string?>(
            owner => File.ReadAllText(_books["people.yaml"]).Contains(owner!, StringComparison.Ordinal)));
    }

    [Test]
    public void Targets_cover_last_year_and_this_one_and_figures_of_the_board()
    {
        var targets = Csv.Read(_books["targets/budget.csv"]);
        var count = targets.Where(row => row["version"] == "budget" && row["region"] == "").CountBy(row => (row["metric"], row["grain"])).ToDictionary();

        Assert.That(targets.Select(row => row["metric"]).Distinct(), Is.SubsetOf(Tiles()));
        Assert.That(count[("mrr", "month")], Is.EqualTo(24));
        Assert.That(count[("signups", "week")], Is.EqualTo(52 + 53), "2025 and 2026 by ISO weeks");
        Assert.That(count[("new_customers", "week")], Is.EqualTo(52 + 53));
        Assert.That(count[("nrr_12m", "year")], Is.EqualTo(2));
        Assert.That(count[("net_new_mrr", "month")], Is.EqualTo(24));
        Assert.That(count[("logo_churn_rate_4w", "week")], Is.EqualTo(52 + 53));
        Assert.That(targets.Where(row => row["version"] == "reforecast-1").Select(row => row["period"][5..]).Distinct(), Is.EqualTo(new[] { "07", "08", "09", "10", "11", "12" }));
        Assert.That(targets.Where(row => row["region"] != "").Select(row => (row["metric"], row["region"])).Distinct(), Is.EqualTo(new[] { ("mrr", "DACH") }));
        Assert.That(targets.Select(row => (row["metric"], row["version"], row["period"], row["region"])), Is.Unique);
    }

    [Test]
    public void Some_targets_are_met_and_some_are_missed()
    {
        var targets = Csv.Read(_books["targets/budget.csv"])
            .Where(row => row["version"] == "budget" && row["region"] == "")
            .ToDictionary(row => (row["metric"], row["period"]), row => Csv.Number(row["value"]));
        var signups = Csv.Read(_books["data/signups.csv"]).CountBy(row => Week(Csv.Day(row["signed_up_at"]))).ToDictionary();
        var customers = _books.Subscriptions.GroupBy(line => line.Customer)
            .CountBy(lines => Week(lines.Min(line => line.Start))).ToDictionary();
        var weeks = Enumerable.Range(0, 26).Select(week => Week(_books.Last.AddDays(-7 * week))).ToList();

        Assert.That(weeks.Count(week => signups[week] >= targets[("signups", week)]), Is.InRange(15, 25));
        Assert.That(weeks.Count(week => customers[week] >= targets[("new_customers", week)]), Is.InRange(3, 15));
        Assert.That(_books.Mrr(_books.Last) / targets[("mrr", "2026-11")], Is.InRange(0.95m, 1.05m));
    }

    private static string Week(DateOnly day) =>
        string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(day)}-W{ISOWeek.GetWeekOfYear(day):00}");

    private List<string> Tiles() =>
        [.. Directory.GetFiles(_books["boards"]).SelectMany(file => TileOf().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value)];

    private IEnumerable<(string Name, string Yaml)> Streams() =>
        from file in Directory.GetFiles(_books["sources"])
        from stream in File.ReadAllText(file).Split("\n  - ").Skip(1)
        select (Path.GetFileNameWithoutExtension(file) + "/" + NameOf().Match(stream).Groups[1].Value, stream);

    /// <summary>Every column that a stream names, wherever it does.</summary>
    private static IEnumerable<string> Columns(string yaml)
    {
        IEnumerable<string> fields = FieldOf().Matches(yaml).Select(match => match.Groups[1].Value);
        IEnumerable<string> time = TimeOf().Matches(yaml).Select(match => match.Groups[1].Value);
        var key = KeyOf().Matches(yaml).SelectMany(match => List(match.Groups[1].Value));
        var dimensions = DimensionsOf().Matches(yaml).SelectMany(match => List(match.Groups[1].Value));
        var metrics = MetricsOf().Matches(yaml).SelectMany(match => List(match.Groups[1].Value));
        return [.. fields, .. time, .. key, .. dimensions.Concat(metrics).Select(item => item.Split(':')[^1].Trim())];
    }

    private static string[] List(string text) => text.Split(',', StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"name: (\S+)")]
    private static partial Regex NameOf();

    [GeneratedRegex(@"\n    file: data/(\S+)")]
    private static partial Regex FileOf();

    [GeneratedRegex(@"\n    key: \[(.+)\]")]
    private static partial Regex KeyOf();

    [GeneratedRegex(@"\n      \w+: (\w+)")]
    private static partial Regex FieldOf();

    [GeneratedRegex(@"time: \{ column: (\w+)")]
    private static partial Regex TimeOf();

    [GeneratedRegex(@"dimensions: [\[{]\s*(.+?)\s*[\]}]")]
    private static partial Regex DimensionsOf();

    [GeneratedRegex(@"metrics: \{ (.+) \}")]
    private static partial Regex MetricsOf();

    [GeneratedRegex(@"schedule: .+")]
    private static partial Regex ScheduleOf();

    [GeneratedRegex(@"- id: (\w+)")]
    private static partial Regex IdOf();

    [GeneratedRegex(@"\n  - name: (\w+)")]
    private static partial Regex SectionOf();

    [GeneratedRegex(@"owner: (.+)")]
    private static partial Regex OwnerOf();

    [GeneratedRegex(@"- metric: (\w+)")]
    private static partial Regex TileOf();
}
