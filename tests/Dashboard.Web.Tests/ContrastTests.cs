using System.Globalization;
using System.Text.RegularExpressions;
using Dashboard.Web.Endpoints;
using NUnit.Framework;
using Tests.Support;

namespace Dashboard.Web.Tests;

/// <summary>Colors are read from the style sheet itself: text 4.5 : 1, graphics 3 : 1 (WCAG 1.4.3, 1.4.11).</summary>
public sealed partial class ContrastTests
{
    private static readonly string[] Themes = ["light", "dark"];
    private static readonly string[] TextColors = ["text", "muted", "accent", "good", "bad", "watch", "neutral"];

    [Test]
    public void Text_can_be_read_on_every_ground([ValueSource(nameof(Themes))] string theme, [ValueSource(nameof(TextColors))] string color)
    {
        var colors = Read(theme);
        Assert.That(new[] { "bg", "card" }.Select(ground => Contrast(colors[color], colors[ground])), Is.All.GreaterThanOrEqualTo(4.5));
    }

    [TestCase("good", "good-soft")]
    [TestCase("watch", "watch-soft")]
    [TestCase("bad", "bad-soft")]
    [TestCase("neutral", "neutral-soft")]
    [TestCase("text", "watch-soft")]
    [TestCase("accent", "watch-soft")]
    [TestCase("text", "hover")]
    [TestCase("muted", "hover")]
    public void Chips_and_banners_can_be_read(string color, string ground) =>
        Assert.That(Themes.Select(Read).Select(colors => Contrast(colors[color], colors[ground])), Is.All.GreaterThanOrEqualTo(4.5));

    [Test]
    public void Lines_of_charts_can_be_seen([ValueSource(nameof(Themes))] string theme)
    {
        var colors = Read(theme);
        Assert.That(new[] { "accent", "before", "target", "good", "watch", "bad" }.Select(color => Contrast(colors[color], colors["card"])), Is.All.GreaterThanOrEqualTo(3));
    }

    [Test]
    public void Segments_scenarios_and_limits_can_be_seen_on_every_ground([ValueSource(nameof(Themes))] string theme)
    {
        var colors = Read(theme);
        string[] graphics = ["actual", "prior", "limit", "bad-fill", .. "abcdefgh".Select(letter => "series-" + letter)];

        Assert.That(
            graphics.SelectMany(color => new[] { "bg", "card" }.Select(ground => (color, ground, Contrast: Contrast(colors[color], colors[ground]))))
                .Where(pair => pair.Contrast < 3),
            Is.Empty);
    }

    [Test]
    public void Figures_can_be_read_on_the_darkest_ground_of_a_heat_map([ValueSource(nameof(Themes))] string theme)
    {
        var colors = Read(theme);
        Assert.That(Contrast(colors["text"], Mixed(colors["accent"], colors["card"], 0.4)), Is.GreaterThanOrEqualTo(4.5));
    }

    [Test]
    public void Every_color_that_is_used_is_defined_in_every_theme()
    {
        var used = Use().Matches(Css()).Select(match => match.Groups[1].Value).Distinct().ToArray();
        Assert.That(used, Is.Not.Empty);
        Assert.That(Themes.SelectMany(theme => used.Except(Read(theme).Keys).Select(name => $"{name} in {theme}")), Is.Empty);
    }

    [Test]
    public void Every_style_sheet_is_part_of_the_one_that_is_sent()
    {
        string[] parts = [.. Directory.GetFiles(Path.Combine(Repository.Root, "Dashboard.Web/wwwroot/styles"), "*.css").Select(File.ReadAllText)];

        Assert.That(parts, Is.Not.Empty);
        Assert.That(parts.Where(part => !Css().Contains(part, StringComparison.Ordinal)), Is.Empty);
        Assert.That(Css(), Does.Not.Contain("@import"));
    }

    private static Dictionary<string, string> Read(string theme) => Definition().Matches(Css())
        .ToDictionary(match => match.Groups["name"].Value, match => match.Groups[theme == "dark" ? "dark" : "light"].Value);

    private static string Css() => AssetEndpoints.TextOf("site.css");

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    /// <summary>So much of one color on another.</summary>
    private static string Mixed(string color, string ground, double part) => "#" + string.Concat(Enumerable.Range(0, 3).Select(i =>
        ((int)Math.Round(part * Channel(color, i) + (1 - part) * Channel(ground, i))).ToString("x2", CultureInfo.InvariantCulture)));

    private static int Channel(string color, int i) => int.Parse(color.AsSpan(1 + 2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static double Luminance(string color)
    {
        double[] parts = [.. Enumerable.Range(0, 3).Select(i => int.Parse(color.AsSpan(1 + 2 * i, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(part => part <= 0.03928 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4))];
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    }

    [GeneratedRegex(@"--(?<name>[a-z-]+): light-dark\((?<light>#[0-9a-f]{6}), (?<dark>#[0-9a-f]{6})\);")]
    private static partial Regex Definition();

    [GeneratedRegex(@"var\(--([a-z-]+)\)")]
    private static partial Regex Use();
}
