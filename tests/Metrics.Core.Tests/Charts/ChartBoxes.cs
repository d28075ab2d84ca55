using System.Globalization;
using System.Xml.Linq;
using Metrics.Core.Charts;

namespace Metrics.Core.Tests.Charts;

/// <summary>Where the texts of a picture stand, measured from its SVG alone.</summary>
internal static class ChartBoxes
{
    private static readonly Dictionary<string, (double Size, bool Bold)> Looks = new(StringComparer.Ordinal)
    {
        ["mark"] = (13, true), ["end"] = (13, true), ["cell"] = (12, false), ["reading"] = (13, false), ["tick"] = (13, false), ["name"] = (13, false),
    };

    /// <summary>What is wrong with the texts: two that lie over each other, or one outside of the picture.</summary>
    public static IEnumerable<string> Faults(string svg)
    {
        if (svg.Length == 0)
            yield break;

        var root = XElement.Parse(svg);
        var view = root.Attribute("viewBox")!.Value.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        var small = root.Attribute("class")!.Value == "six-twelve";
        var texts = root.Descendants("text").Select(text => (text.Value, Box: BoxOf(text, small))).ToArray();
        for (var i = 0; i < texts.Length; i++)
        {
            var (words, box) = texts[i];
            if (box.Left < -0.6 || box.Right > view[2] + 0.6 || box.Top < -0.6 || box.Bottom > view[3] + 0.6)
                yield return $"'{words}' leaves the picture at {box}";
            foreach (var (other, second) in texts.Skip(i + 1))
            {
                if (box.Left < second.Right && second.Left < box.Right && box.Top < second.Bottom && second.Top < box.Bottom)
                    yield return $"'{words}' lies over '{other}' at {box}";
            }
        }
    }

    /// <summary>The bars of a class.</summary>
    public static IEnumerable<(double Top, double Bottom)> Bars(string svg, string look) => XElement.Parse(svg).Descendants("rect")
        .Where(bar => bar.Attribute("class")?.Value.Split(' ').Contains(look) == true)
        .Select(bar => (Of(bar, "y"), Of(bar, "y") + Of(bar, "height")));

    public static double Of(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    // Letters without a p or an umlaut; what one of them takes of its width is measured as the module does.
    private static (double Left, double Top, double Right, double Bottom) BoxOf(XElement text, bool isSmall)
    {
        var look = text.Attribute("class")?.Value.Split(' ')[0] ?? "";
        var (size, bold) = look.Length == 0 ? text.Parent!.Attribute("class")?.Value == "note-flag" ? (11, true) : (12, false) : Looks[look];
        if (isSmall)
            size = look == "mark" ? 12.5 : 12;
        var width = TextWidth.Of(text.Value, size, bold);
        var (x, y) = (Of(text, "x"), Of(text, "y"));
        var left = text.Attribute("text-anchor")?.Value switch { "end" => x - width, "middle" => x - width / 2, _ => x };
        return (left, y - size * 0.74, left + width, y + size * 0.2);
    }
}
