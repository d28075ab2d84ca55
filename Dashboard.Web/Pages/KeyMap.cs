namespace Dashboard.Web.Pages;

/// <summary>Keys that do one thing, as they are written on them.</summary>
/// <param name="Keys">Any of these; two separated by a blank are pressed one after the other.</param>
internal sealed record KeyLine(IReadOnlyList<string> Keys, string Does);

/// <summary>The keys of the product. <c>site.js</c> does what stands here; the sheet that <c>?</c> opens is made of this.</summary>
internal static class KeyMap
{
    public static IReadOnlyList<(string Group, IReadOnlyList<KeyLine> Lines)> Groups { get; } =
    [
        ("Everywhere",
        [
            new(["?"], "Shows these keys"),
            new(["/", "Ctrl K"], "Search and commands; on a Mac ⌘ K"),
            new(["d"], "Dark or light"),
            new(["p"], "Print view"),
            new(["Esc"], "Closes what is open"),
        ]),
        ("Go to", [.. Section.All.Where(section => section.Go is not null).Select(section => new KeyLine([$"g {section.Go}"], section.Name))]),
        ("Time and comparison",
        [
            new(["["], "Previous period"),
            new(["]"], "Next period"),
            new(["c"], "Next comparison"),
            new(["x"], "No comparison"),
            new(["v"], "Cards or scorecard"),
        ]),
        ("Tiles and charts",
        [
            new(["j"], "Next tile"),
            new(["k"], "Previous tile"),
            new(["Enter"], "Opens the tile"),
            new(["b"], "Breakdown"),
            new(["t"], "Data table"),
            new(["l"], "Limits"),
            new(["n"], "Note"),
        ]),
    ];
}
