using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>What keeps people out of a page, as axe finds it.</summary>
internal static class Barriers
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    // Run in the page itself and not by the package's own method, which carries what passes out of the page and in again: of a grid of
    // thousands of fields that is a minute, and nobody reads it.
    private const string Run = """
        async () => {
            const { violations, passes } = await axe.run(document, { resultTypes: ['violations'] });
            if (passes.length === 0) throw new Error('axe looked at nothing');
            return violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${rule.help}: ${node.html}`));
        }
        """;

    /// <summary>Each barrier with its rule and element; empty where there is none.</summary>
    /// <exception cref="PlaywrightException">No rule was applied at all.</exception>
    public static async Task<string[]> BarriersAsync(this IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
            await page.EvaluateAsync(Axe);
        return await page.EvaluateAsync<string[]>(Run);
    }
}
