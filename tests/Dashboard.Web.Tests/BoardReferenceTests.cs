using System.Globalization;
using System.Text.Json;
using NUnit.Framework;
using Tests.Support;

namespace Dashboard.Web.Tests;

/// <summary>
/// <c>kpi sync</c> and <c>kpi board</c>, as processes, on the data of the published weekly business reviews give every figure that was
/// published: six weeks, twelve months, the year before them, and the box.
/// </summary>
public sealed class BoardReferenceTests
{
    // Labels of axes, and the lengths of tables inside the program that published the figures.
    private static readonly string[] NoFigures =
    [
        "test_case_no", "x_axis_monthly_display", "week_ending", "fiscal_year_end_month", "metric_name", "x_axis", "headers",
        "cy_monthly_data_frame_length", "py_monthly_data_frame_length",
    ];

    [TestCase(1, "2021-09-25", 90)]
    [TestCase(2, "2021-01-09", 90)]
    [TestCase(9, "2021-09-25", 132)]
    public async Task Every_published_figure_of_the_weekly_business_review_comes_out(int scenario, string week, int figures)
    {
        using var published = JsonDocument.Parse(await File.ReadAllTextAsync(Reference.File($"wbr/scenario_{scenario}/expected.json")));
        using var board = await BoardAsync($"wbr-{scenario}", week);
        var tiles = board.RootElement.GetProperty("sections").EnumerateArray().SelectMany(section => section.GetProperty("tiles").EnumerateArray())
            .ToDictionary(tile => tile.GetProperty("name").GetString()!);
        var (compared, faults) = (0, new List<string>());

        foreach (var test in published.RootElement.GetProperty("tests").EnumerateArray().Select(one => one.GetProperty("test")))
        {
            Assert.That(DateOnly.ParseExact(test.GetProperty("week_ending").GetString()!, "dd-MMM-yyyy", CultureInfo.InvariantCulture),
                Is.EqualTo(DateOnly.Parse(week, CultureInfo.InvariantCulture)));
            foreach (var row in test.EnumerateObject().Where(row => !NoFigures.Contains(row.Name)))
            {
                var given = Given(tiles, test.GetProperty("metric_name").GetString()!, row.Name);
                var wanted = row.Value.EnumerateArray()
                    .Select((value, i) => Fraction(value, isPercent: row.Name == "box_totals" && i is (1 or 2 or 4 or 6 or 8))).ToArray();
                Assert.That(given, Has.Length.EqualTo(wanted.Length), row.Name);
                for (var i = 0; i < wanted.Length; i++)
                {
                    compared++;
                    if (!Same(given[i], wanted[i]))
                        faults.Add($"{row.Name}[{i}] is {given[i]}, published {row.Value[i]}");
                }
            }
        }

        Assert.That(faults, Is.Empty);
        Assert.That(compared, Is.EqualTo(figures));
    }

    [Test]
    public async Task The_interval_of_the_Sudzilla_survey_is_the_published_one()
    {
        using var published = JsonDocument.Parse(await File.ReadAllTextAsync(Reference.File("nps-csat/expected.json")));
        var wanted = published.RootElement.GetProperty("nps")[0].GetProperty("expected");
        using var board = await BoardAsync("nps-csat", "2019-06-03");
        var tile = board.RootElement.GetProperty("sections")[0].GetProperty("tiles")[0];
        var interval = tile.GetProperty("interval");

        Assert.That(tile.GetProperty("value").GetDouble(), Is.EqualTo(wanted.GetProperty("nps").GetDouble()).Within(1e-9));
        Assert.That(interval.GetProperty("low").GetDouble(), Is.EqualTo(wanted.GetProperty("ci95_lo").GetDouble()).Within(1e-9));
        Assert.That(interval.GetProperty("high").GetDouble(), Is.EqualTo(wanted.GetProperty("ci95_hi").GetDouble()).Within(1e-9));
        Assert.That((interval.GetProperty("n").GetInt32(), interval.GetProperty("too_few").GetBoolean()), Is.EqualTo((39, false)));
    }

    private static decimal?[] Given(Dictionary<string, JsonElement> tiles, string test, string row) => row switch
    {
        "cy_6_weeks" => Column(tiles[test], "weeks", "value"),
        "py_6_weeks" => Column(tiles[test], "weeks", "previous_year"),
        "cy_monthly" => Column(tiles[test], "months", "value"),
        "py_monthly" => Column(tiles[test], "months", "previous_year"),
        "box_totals" => [.. tiles[test].GetProperty("box").EnumerateArray().Select(value => Fraction(value, isPercent: false))],
        _ when row.EndsWith("MOM", StringComparison.Ordinal) => Column(tiles[row[..^3]], "months", "change"),
        _ when row.EndsWith("YOY", StringComparison.Ordinal) => Column(tiles[row[..^3]], "months", "yoy"),
        _ => Column(tiles[row], "months", "value"),
    };

    private static decimal?[] Column(JsonElement tile, string periods, string column) =>
        [.. tile.GetProperty(periods).EnumerateArray().Select(period => Fraction(period.GetProperty(column), isPercent: false))];

    private static decimal? Fraction(JsonElement value, bool isPercent) =>
        value.ValueKind == JsonValueKind.Null ? null : isPercent ? value.GetDecimal() / 100 : value.GetDecimal();

    /// <summary>To a millionth, or to the digits that were printed: the percentage 143.24 has two of them, so four as a fraction.</summary>
    private static bool Same(decimal? given, decimal? published)
    {
        if (given is not { } value || published is not { } wanted)
            return given is null && published is null;

        var printed = (decimal)Math.Pow(10, -wanted.Scale) / 2;
        return Math.Abs(value - wanted) <= Math.Max(1e-6m * Math.Abs(wanted), wanted.Scale == 4 ? printed : 0);
    }

    private static async Task<JsonDocument> BoardAsync(string workspace, string week)
    {
        using var folder = new TempFolder();
        string[] place = ["--workspace", Path.Combine(Repository.Root, "tests", "workspaces", workspace), "--data", folder["store"]];
        var sync = await KpiAsync(["sync", .. place]);
        Assert.That(sync.ExitCode, Is.Zero, sync.ToString());
        Assert.That(sync.Output, Does.Contain(" 0 rejected"));

        var board = await KpiAsync(["board", "weekly", "--week", week, "--format", "json", .. place]);
        Assert.That(board.ExitCode, Is.Zero, board.ToString());

        var page = await KpiAsync(["board", "weekly", "--week", week, "--format", "html", "-o", folder["board.html"], .. place]);
        Assert.That(page.ExitCode, Is.Zero, page.ToString());
        Assert.That(await File.ReadAllTextAsync(folder["board.html"]), Does.Contain("six-twelve").And.EndWith("</html>\n"));
        return JsonDocument.Parse(board.Output);
    }

    private static async Task<KpiResult> KpiAsync(IReadOnlyList<string> arguments)
    {
        using var process = KpiProcess.StartProgram("dotnet", [typeof(DashboardApp).Assembly.Location, .. arguments]);
        return await process.EndAsync();
    }
}
