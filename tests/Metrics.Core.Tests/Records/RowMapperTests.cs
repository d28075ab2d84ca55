using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Tests.Periods;
using NUnit.Framework;

namespace Metrics.Core.Tests.Records;

public sealed class RowMapperTests
{
    private static readonly CellFormat German = new() { Decimal = ',', Thousands = '.' };

    [TestCase("523,419", "523419")]
    [TestCase("1,234,567.89", "1234567.89")]
    [TestCase("12,34,567", "1234567", Description = "as in India")]
    [TestCase("-1,000", "-1000")]
    [TestCase(" 42 ", "42")]
    [TestCase("1e3", "1000")]
    [TestCase("1,23", null)]
    [TestCase("1234,567", null)]
    [TestCase("1,2345", null)]
    [TestCase(",123", null)]
    [TestCase("1,,234", null)]
    [TestCase("1,2,345", null)]
    [TestCase("1.5,000", null)]
    [TestCase("12 apples", null)]
    [TestCase("NaN", null)]
    public void A_number_may_group_its_thousands_and_a_mistake_in_it_is_no_number(string text, string? number) => AssertNumber(new CellFormat(), text, number);

    [TestCase("1.234,5", "1234.5")]
    [TestCase("0,5", "0.5")]
    [TestCase("1.5", null, Description = "neither a half nor fifteen")]
    [TestCase("1,5,0", null)]
    public void A_number_may_have_a_decimal_comma(string text, string? number) => AssertNumber(German, text, number);

    [TestCase("2026-11-09", null, "2026-11-09")]
    [TestCase("2026-11", null, "2026-11-01")]
    [TestCase("20261109", "yyyyMMdd", "2026-11-09")]
    [TestCase("Mon, 09-Nov-2026", "ddd, dd-MMM-yyyy", "2026-11-09")]
    [TestCase("09.11.2026 23:30", "dd.MM.yyyy HH:mm", "2026-11-09T22:30:00Z")]
    [TestCase("2026-11-09T23:30:00+05:00", null, "2026-11-09T18:30:00Z")]
    [TestCase("2026-11-09 23:30:15.5", null, "2026-11-09T22:30:15.5Z", Description = "wall-clock time of the workspace")]
    [TestCase("2026-03-29 01:59", null, "2026-03-29T00:59:00Z")]
    [TestCase("2026-03-29 02:30", null, "2026-03-29T01:30:00Z", Description = "the clocks skip it: by those not yet changed")]
    [TestCase("2026-03-29 03:00", null, "2026-03-29T01:00:00Z")]
    [TestCase("2026-10-25 02:30", null, "2026-10-25T00:30:00Z", Description = "twice: the first of them")]
    [TestCase("2026-10-25 03:00", null, "2026-10-25T02:00:00Z")]
    [TestCase("09/11/2026", null, null)]
    [TestCase("2026-02-30", null, null)]
    [TestCase("2026-11-09", "yyyyMMdd", null)]
    public void A_moment_is_read_in_its_format_and_in_the_workspaces_zone(string text, string? format, string? moment)
    {
        var read = new CellReader(new CellFormat(), Some.Calendar(timeZone: "Europe/Berlin")).TryMoment(text, format, out var found);

        Assert.That(read, Is.EqualTo(moment is not null));
        if (moment?.Length == 10)
            Assert.That(found, Is.EqualTo(new RecordMoment(Some.Day(moment), null)));
        else if (moment is not null)
            Assert.That(found, Is.EqualTo(new RecordMoment(null, Some.Instant(moment))));
    }

    [Test]
    public void A_cell_that_is_no_number_is_rejected_alone_and_an_empty_one_is_no_value()
    {
        var mapping = new FieldMapping
        {
            Type = MetricValue.Type,
            TimeColumn = "day",
            Key = ["day"],
            Metrics = new Dictionary<string, string> { ["visits"] = "v", ["sold"] = "s", ["constant"] = "=1" },
            Dimensions = new Dictionary<string, string> { ["region"] = "r" },
        };
        var (records, rejects) = Map(mapping, ["day", "v", "s", "r"], ["2026-11-09", "1,000", "many", "EU"], ["2026-11-10", "n/a", "5", ""], ["soon", "1", "1", "EU"]);

        Assert.That(records.Select(Json), Is.EqualTo((string[])
        [
            """{"at":"2026-11-09","metric":"visits","value":1000,"dims":{"region":"EU"}}""",
            """{"at":"2026-11-09","metric":"constant","value":1,"dims":{"region":"EU"}}""",
            """{"at":"2026-11-10","metric":"sold","value":5,"dims":{"region":"(none)"}}""",
            """{"at":"2026-11-10","metric":"constant","value":1,"dims":{"region":"(none)"}}""",
        ]));
        Assert.That(rejects.Select(reject => reject.ToString()), Is.EqualTo((string[])
        [
            "a.csv:2: column 's' 'many' is not a number.", "a.csv:4: column 'day' 'soon' is no ISO date such as 2026-11-09; declare its format.",
        ]));
        Assert.That(records.Select(record => record.Key), Is.Unique, "the key of a value is its row's with its metric");
    }

    [Test]
    public void Where_passes_rows_over_without_a_reject()
    {
        var mapping = new FieldMapping { Type = Signup.Type, Where = new Dictionary<string, IReadOnlyList<string>> { ["r"] = ["EU", "US"] } };
        var (records, rejects) = Map(mapping, ["user", "at", "r"], ["anna", "2026-11-09", "EU"], ["", "never", "Asia"], ["bert", "2026-11-09", " US "]);

        Assert.That((records.Count, rejects.Count), Is.EqualTo((2, 0)));
    }

    [Test]
    public void A_row_that_breaks_a_rule_of_its_record_is_rejected_as_a_whole()
    {
        var mapping = new FieldMapping { Type = SubscriptionPeriod.Type };
        var (records, rejects) = Map(mapping, ["customer", "start", "end", "amount"], ["a", "2026-01-02", "2026-01-01", "5"], ["a", "2026-01-02", "", "-5"], ["", "2026-01-02", "", "5"], ["a", "2026-01-02", "", "5"]);

        Assert.That(records, Has.Count.EqualTo(1));
        Assert.That(rejects.Select(reject => (reject.Line, reject.Column)), Is.EqualTo(((long, string?)[])[(2, null), (3, null), (4, "customer")]));
    }

    [Test]
    public void A_column_that_is_not_there_is_named_with_those_that_are()
    {
        var mapping = new FieldMapping { Type = Signup.Type, Fields = new Dictionary<string, string> { ["user"] = "Email" } };

        Assert.That(() => Map(mapping, ["email", "at"]), Throws.TypeOf<MappingException>().With.Message.EqualTo("a.csv: there is no column 'Email'. The columns are: email, at."));
        Assert.That(() => Map(new FieldMapping { Type = Signup.Type }, ["user"]), Throws.TypeOf<MappingException>().With.Message.Contains("nothing fills 'at'"));
    }

    [Test]
    public void The_digest_is_the_same_for_the_same_content_and_different_for_another()
    {
        var (records, _) = Map(new FieldMapping { Type = Activity.Type }, ["user", "at", "event", "amount"],
            ["anna", "2026-11-09", "order", "1,000.50"], [" anna ", "2026-11-09", "order", "1000.50"], ["anna", "2026-11-09", "order", "1000.51"], ["anna", "2026-11-10", "order", "1000.50"]);

        Assert.That(records[1].Digest, Is.EqualTo(records[0].Digest));
        Assert.That(records.Skip(1).Select(record => record.Digest), Is.Unique);
        Assert.That(records, Has.All.Property(nameof(Record.Key)).Null);
    }

    [Test]
    public void The_digest_does_not_depend_on_the_day_of_reading()
    {
        var mapping = new FieldMapping { Type = SubscriptionPeriod.Type };
        string[] columns = ["customer", "start", "end", "amount"];
        var records = new List<Record>();
        foreach (var today in (string[])["2026-01-01", "2026-11-16", "2027-12-31"])
        {
            using var mapper = new RowMapper(mapping, "a.csv", columns, new CellFormat(), Some.Calendar(), Some.Day(today));
            mapper.Map(new SourceRow(2, ["anna", "2026-06-01", "2027-06-01", "10"]), records, []);
        }

        Assert.That(records.Select(record => record.Digest).Distinct(), Has.Exactly(1).Items);
    }

    private static (List<Record> Records, List<Reject> Rejects) Map(FieldMapping mapping, string[] columns, params string[][] rows)
    {
        var format = new CellFormat { Empty = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "N/A") };
        using var mapper = new RowMapper(mapping, "a.csv", columns, format, Some.Calendar(), Some.Day("2026-11-16"));
        var (records, rejects) = (new List<Record>(), new List<Reject>());
        for (var i = 0; i < rows.Length; i++)
            mapper.Map(new SourceRow(i + 2, rows[i]), records, rejects);
        return (records, rejects);
    }

    private static string Json(Record record) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(record.Body.Span));

    private static void AssertNumber(CellFormat format, string text, string? number)
    {
        var read = new CellReader(format, Some.Calendar()).TryNumber(text, out var value);

        Assert.That(read ? value : (decimal?)null, Is.EqualTo(number is null ? (decimal?)null : decimal.Parse(number, CultureInfo.InvariantCulture)));
    }
}
