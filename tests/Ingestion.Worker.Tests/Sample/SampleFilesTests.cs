using System.Globalization;
using System.Text.RegularExpressions;
using Ingestion.Worker.Sample;
using NUnit.Framework;
using Tests.Support;

namespace Ingestion.Worker.Tests.Sample;

public sealed partial class SampleFilesTests
{
    private static readonly DateOnly Saturday = new(2026, 11, 21);

    [Test]
    public void The_same_end_gives_the_same_bytes_in_any_culture()
    {
        using var first = new TempFolder();
        using var second = new TempFolder();
        var culture = CultureInfo.CurrentCulture;

        SampleCompany.Write(first.Path, Saturday);
        try
        {
            // Another calendar, other digits, another order of letters.
            CultureInfo.CurrentCulture = new CultureInfo("fa-IR");
            SampleCompany.Write(second.Path, Saturday);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        Assert.That(Content(second), Is.EqualTo(Content(first)));
    }

    [Test]
    public void All_days_of_a_week_see_the_same_company_and_the_next_week_sees_another()
    {
        using var sunday = new TempFolder();
        using var monday = new TempFolder();
        using var nextMonday = new TempFolder();

        SampleCompany.Write(monday.Path, new DateOnly(2026, 11, 16));
        SampleCompany.Write(sunday.Path, new DateOnly(2026, 11, 22));
        SampleCompany.Write(nextMonday.Path, new DateOnly(2026, 11, 23));

        var (before, after) = (Content(monday), Content(nextMonday));
        var same = after.Where(file => before.GetValueOrDefault(file.Key) == file.Value).Select(file => file.Key);

        Assert.That(Content(sunday), Is.EqualTo(before));
        Assert.That(
            same.Where(name => Path.GetExtension(name) == ".csv").Select(Path.GetFileName), Is.EqualTo((string[])["market_size.csv"]));
    }

    [TestCase("2026-11-21", "2026-11-15", Description = "Saturday: the week is not over")]
    [TestCase("2026-11-22", "2026-11-15", Description = "Sunday: the week is not over")]
    [TestCase("2026-11-23", "2026-11-22", Description = "Monday: it is")]
    [TestCase("2027-01-05", "2027-01-03", Description = "the week across the year, W53")]
    [TestCase("2028-03-01", "2028-02-27", Description = "leap year")]
    public void Exports_end_on_the_last_Sunday_before_the_end(string end, string last)
    {
        using var folder = new TempFolder();
        SampleCompany.Write(folder.Path, Csv.Day(end));

        Assert.Multiple(() =>
        {
            foreach (var (file, column) in new[]
            {
                ("subscriptions", "start_date"), ("signups", "signed_up_at"), ("web_traffic", "date"), ("surveys", "answered_at"),
                ("tickets", "created_at"), ("opportunities", "created_date"), ("trials", "start_date"), ("payments", "paid_at"),
                ("leads", "date"), ("brand", "date"), ("bank", "date"),
            })
            {
                Assert.That(Csv.Read(folder[$"data/{file}.csv"]).Max(row => Csv.Day(row[column])), Is.EqualTo(Csv.Day(last)), file);
            }
        });
    }

    [Test]
    public void An_earlier_sample_is_replaced_and_leaves_nothing_behind()
    {
        using var used = new TempFolder();
        using var fresh = new TempFolder();

        SampleCompany.Write(used.Path, new DateOnly(2024, 3, 4));
        SampleCompany.Write(used.Path, Saturday);
        SampleCompany.Write(fresh.Path, Saturday);

        Assert.That(Content(used), Is.EqualTo(Content(fresh)));
    }

    [TestCase("notes.txt", "mine")]
    [TestCase("calendar.yaml", "time_zone: Europe/Berlin")]
    [TestCase("README.md", "# Our company")]
    public void A_folder_with_something_else_in_it_is_refused_and_left_alone(string name, string content)
    {
        using var folder = new TempFolder();
        folder.Write(name, content);

        Assert.That(
            () => SampleCompany.Write(folder.Path, Saturday),
            Throws.InvalidOperationException.With.Message.Contains(folder.Path).And.Message.Contains("not a sample workspace"));
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.EqualTo((string[])[folder[name]]));
        Assert.That(File.ReadAllText(folder[name]), Is.EqualTo(content));
    }

    [Test]
    public void The_workspace_of_another_company_is_refused()
    {
        using var folder = new TempFolder();
        folder.Write("calendar.yaml", "time_zone: Europe/Berlin");
        folder.Write("README.md", "# Our company\n");

        Assert.That(() => SampleCompany.Write(folder.Path, Saturday), Throws.InvalidOperationException);
    }

    [Test]
    public void A_folder_that_does_not_exist_is_made_and_every_data_file_is_reported()
    {
        using var folder = new TempFolder();
        var progress = new Heard();

        SampleCompany.Write(folder["new/company"], Saturday, progress);

        var written = Directory.EnumerateFiles(folder["new/company"], "*.csv", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder["new/company"], path).Replace('\\', '/'));
        Assert.That(progress.Messages.Select(message => message.Split(':')[0]), Is.EquivalentTo(written));
        Assert.That(progress.Messages, Has.One.EqualTo("data/market_size.csv: 37 rows"));
    }

    [Test]
    public void Files_are_plain_utf8_with_line_feeds_and_small_enough_to_carry_about()
    {
        using var folder = new TempFolder();
        SampleCompany.Write(folder.Path, Saturday);
        var content = Content(folder);

        Assert.That(content.Where(file => file.Value.Contains('\r') || file.Value.StartsWith('\uFEFF')).Select(file => file.Key), Is.Empty);
        Assert.That(content.Values.Sum(text => text.Length), Is.LessThan(40_000_000));
    }

    [Test]
    public void Nothing_in_the_generator_refers_to_the_clock_or_to_chance_that_is_not_its_own()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "Ingestion.Worker", "Sample"), "*.cs").ToList();

        var strays = sources.Where(path => NotReproducible().IsMatch(WithoutComments(path))).Select(Path.GetFileName);

        Assert.That(sources, Has.Count.GreaterThan(10));
        Assert.That(strays, Is.Empty);
        Assert.That(NotReproducible().IsMatch("new Random(1)"), "or the pattern finds nothing at all");
    }

    [GeneratedRegex(@"TimeProvider|\.(Utc)?Now\b|\.Today\b|\bRandom\b|Guid\.|Stopwatch|TickCount|GetHashCode|Math\.(Pow|Exp|Log|Sin|Cos)")]
    private static partial Regex NotReproducible();

    private static string WithoutComments(string path) =>
        string.Join('\n', File.ReadLines(path).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    private static SortedDictionary<string, string> Content(TempFolder folder) => new(
        Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(folder.Path, path), File.ReadAllText),
        StringComparer.Ordinal);

    private sealed class Heard : IProgress<string>
    {
        public List<string> Messages { get; } = [];

        public void Report(string value) => Messages.Add(value);
    }
}
