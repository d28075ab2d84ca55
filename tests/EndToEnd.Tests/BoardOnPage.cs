using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace EndToEnd.Tests;

/// <summary>A tile as the browser shows it.</summary>
/// <param name="Value">The machine-readable value; null where the tile shows none.</param>
/// <param name="Exact">What is shown when pointing at it.</param>
/// <param name="Status">The word beside its name: how it stands against its target, or why nobody can say.</param>
internal sealed record TileOnPage(string Metric, string? Value, string? Exact, string? Shown, string Status, string Changes)
{
    private const string ReadTiles = """
        cards => JSON.stringify(cards.map(card => {
            const value = card.querySelector('data.value');
            const shown = selector => card.querySelector(selector)?.innerText.trim() ?? '';
            return {
                Metric: new URL(card.querySelector('h3 a').href).pathname.split('/').pop(),
                Value: value?.value ?? null,
                Exact: value?.title ?? null,
                Shown: value?.innerText ?? null,
                Status: shown('.chip'),
                Changes: shown('.deltas'),
            };
        }))
        """;

    public decimal? Number => Value is null ? null : decimal.Parse(Value, CultureInfo.InvariantCulture);

    /// <summary>Whether the figure is complete, so that it is held against its target, if there is one.</summary>
    public bool IsJudged => Status.Contains("track", StringComparison.Ordinal) || Status.Contains("At risk", StringComparison.Ordinal) || Status.Contains("No target", StringComparison.Ordinal);

    public static async Task<IReadOnlyList<TileOnPage>> AllAsync(IPage page) =>
        JsonSerializer.Deserialize<TileOnPage[]>(await page.Locator(".card").EvaluateAllAsync<string>(ReadTiles))!;

    /// <summary>The last day of the period that a board shows.</summary>
    public static async Task<DateOnly> LastDayAsync(IPage page) => Figures.Day((await page.Locator(".board-head").GetAttributeAsync("data-last-day"))!);
}
