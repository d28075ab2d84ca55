using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NUnit.Framework;
using Tests.Support;

namespace EndToEnd.Tests;

/// <summary>Compact, on paper, and the states of tiles.</summary>
[TestFixture]
public sealed partial class Looks
{
    [Test]
    public async Task Compact_puts_four_tiles_in_a_row_and_two_rows_on_a_screen()
    {
        var page = await Product.OpenAsync("/look");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compact" }).ClickAsync();
        await page.GotoAsync("/");
        var tiles = await page.Locator(".card").EvaluateAllAsync<double[][]>(
            "cards => cards.map(card => card.getBoundingClientRect()).map(box => [box.top, box.bottom])");

        Assert.That(tiles.GroupBy(tile => tile[0]).Max(row => row.Count()), Is.EqualTo(4));
        Assert.That(tiles.Count(tile => tile[0] >= tiles[0][0] && tile[1] <= tiles[0][0] + 900), Is.GreaterThanOrEqualTo(6));
        Assert.That(await page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth"), Is.EqualTo(1440));
        Assert.That(await page.BarriersAsync(), Is.Empty);
        await page.Context.CloseAsync();
    }

    [TestCase("A4")]
    [TestCase("Letter")]
    public async Task A_printed_board_splits_no_tile_and_says_on_every_sheet_what_it_is(string format)
    {
        var page = await Product.OpenAsync("/");
        var tiles = await page.Locator(".card").CountAsync();
        await page.EmulateMediaAsync(new() { Media = Media.Print });

        Assert.That(await page.Locator(".card").EvaluateAllAsync<string[]>("cards => cards.map(card => getComputedStyle(card).breakInside)"), Is.All.EqualTo("avoid"));
        Assert.That(await page.Locator(".bar, .stepper, .tabs, .data").EvaluateAllAsync<bool[]>("all => all.map(one => one.checkVisibility())"), Is.All.False);
        var pdf = await page.PdfAsync(new() { Format = format, Landscape = true, PreferCSSPageSize = false });
        var sheets = SheetOf().Count(System.Text.Encoding.Latin1.GetString(pdf));

        // Six tiles a sheet, and the findings.
        Assert.That(sheets, Is.InRange(tiles / 9, tiles / 3));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Paper_is_light_whatever_the_reader_prefers()
    {
        var page = await Product.OpenAsync("/", options => options.ColorScheme = ColorScheme.Dark);
        await page.EmulateMediaAsync(new() { Media = Media.Print });

        Assert.That(await page.EvaluateAsync<string>("() => getComputedStyle(document.querySelector('.card')).backgroundColor"), Is.EqualTo("rgb(255, 255, 255)"));
        Assert.That(await page.Locator(".print-head").InnerTextAsync(), Does.Contain("Weekly product board").And.Contain("as of"));
        await page.Context.CloseAsync();
    }

    [Test]
    public async Task Every_state_can_be_read_on_every_screen()
    {
        using var folder = new TempFolder();
        var port = FreePort();
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [DemoProcess.Executable, "--workspace", Directory.CreateDirectory(folder["ws"]).FullName, "--data", folder["data"], "--port", $"{port}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development" },
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            await Wait.UntilAsync("the page of states", async () => await IsThereAsync(http));
            foreach (var (width, scheme) in from width in (int[])[1440, 1024, 390] from scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark] select (width, scheme))
            {
                var page = await Product.Browser.NewPageAsync(new() { BaseURL = http.BaseAddress.ToString(), ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = 900 } });
                await page.GotoAsync("/dev/states");
                Assert.That(await page.Locator(".story").CountAsync(), Is.EqualTo(10));
                Assert.That(await page.EvaluateAsync<int>("() => document.scrollingElement.scrollWidth"), Is.EqualTo(width));
                Assert.That(await page.BarriersAsync(), Is.Empty, $"{width} {scheme}");
                await page.CloseAsync();
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<bool> IsThereAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/dev/states", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex(@"/Type\s*/Page\b(?!s)", RegexOptions.ExplicitCapture)]
    private static partial Regex SheetOf();
}
