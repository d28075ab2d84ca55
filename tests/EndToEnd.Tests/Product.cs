using Microsoft.Playwright;
using NUnit.Framework;
using Tests.Support;

namespace EndToEnd.Tests;

/// <summary>The running product and the browser that looks at it: started once, used by every test.</summary>
[SetUpFixture]
public sealed class Product
{
    private static TempFolder _folder = null!;
    private static IPlaywright _playwright = null!;

    internal static DemoProcess Demo { get; private set; } = null!;

    internal static IBrowser Browser { get; private set; } = null!;

    /// <summary>The export of some metrics before any test touched anything.</summary>
    internal static string Undisturbed { get; private set; } = "";

    internal static Uri Address => Demo.Address;

    /// <summary>A browser of its own with more arguments.</summary>
    internal static Task<IBrowser> LaunchAsync(params string[] more) => _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Chromium(),
        Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", .. more],
    });

    /// <summary>A new tab that knows nothing of earlier ones; an address in it may be a path of the product.</summary>
    internal static async Task<IPage> OpenAsync(string path, Action<BrowserNewContextOptions>? with = null)
    {
        var options = new BrowserNewContextOptions
        {
            BaseURL = Address.ToString(),
            ViewportSize = new ViewportSize { Width = 1440, Height = 900 },
        };
        with?.Invoke(options);
        var context = await Browser.NewContextAsync(options);
        context.SetDefaultTimeout(20_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync(path);
        return page;
    }

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Chromium();
        Assert.That(File.Exists(DemoProcess.Executable), $"{DemoProcess.Executable} is not built.");
        _folder = new TempFolder();
        Demo = DemoProcess.Start(_folder.Path);
        var serving = Demo.WaitUntilServingAsync();
        _playwright = await Playwright.CreateAsync();
        Browser = await LaunchAsync();
        await serving;
        Undisturbed = await Figures.TextAsync(Demo, Recovery.Metrics, "week");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (Browser is not null)
            await Browser.DisposeAsync();
        _playwright?.Dispose();
        Demo?.Dispose();
        _folder?.Dispose();
    }

    private static string Chromium()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (folders.Append("/usr/bin").Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists) is { } found)
            return found;

        const string missing = "Chromium is not on the PATH as 'chromium'; './kpi test' installs it.";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(missing);
        Assert.Ignore(missing);
        return "";
    }
}
