using System.Text.RegularExpressions;
using NUnit.Framework;
using Tests.Support;

namespace EndToEnd.Tests;

/// <summary>What a process leaves behind that had no time to put anything in order.</summary>
[TestFixture]
public sealed partial class Recovery
{
    internal static readonly string[] Metrics = ["mrr", "customers", "active_users"];

    [Test]
    public async Task Killed_while_it_reads_and_started_again_it_reaches_the_board_of_an_undisturbed_one()
    {
        using var folder = new TempFolder();
        CopyFolder(Product.Demo.Workspace, folder["workspace"]);
        using (var first = DemoProcess.Start(folder.Path))
        {
            await first.WaitForLineAsync(BillingIsRead());
            first.Kill();
            Assert.That(first.Output, Does.Not.Contain("The board"), "it was to be killed before it was done");
        }

        using (var second = DemoProcess.Start(folder.Path))
        {
            // The largest source is read page by page; its first pages are in the store by now and its last ones are not.
            await second.WaitForLineAsync(MarketIsRead());
            var size = SizeOf(second.Store);
            await Wait.UntilAsync("the store grows while it reads", () => Task.FromResult(SizeOf(second.Store) > size + 4_000_000));
            second.Kill();
            Assert.That(second.Output, Does.Not.Contain("billing:"), "what was read is not read again");
            Assert.That(second.Output, Does.Not.Contain("product_analytics:"), "it was to be killed before it was done");
        }

        using var third = DemoProcess.Start(folder.Path);
        await third.WaitUntilServingAsync();

        Assert.That(third.Output, Does.Contain("product_analytics:"));
        Assert.That(Values(await Figures.TextAsync(third, Metrics, "week")), Is.EqualTo(Values(Product.Undisturbed)));
    }

    /// <summary>All but the moment at which it was read.</summary>
    private static IReadOnlyList<string> Values(string export) =>
        [.. export.Split('\n', StringSplitOptions.TrimEntries).Select(line => AsOf().Replace(line, ",", 1))];

    private static long SizeOf(string folder) => new DirectoryInfo(folder).EnumerateFiles("*.db*").Sum(file => file.Length);

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    [GeneratedRegex("^ *billing: .* rows")]
    private static partial Regex BillingIsRead();

    [GeneratedRegex("^ *market: .* rows")]
    private static partial Regex MarketIsRead();

    [GeneratedRegex(@",\d{4}-\d\d-\d\dT[\d:]+Z,")]
    private static partial Regex AsOf();
}
