using System.Globalization;
using System.Net;
using System.Text;

namespace Metrics.Core.Charts;

/// <summary>
/// Writes SVG as text: every attribute and text is encoded, numbers are invariant with at most one decimal, and looks come from
/// classes alone, so that a page that allows no inline styles can hold it.
/// </summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder _svg = new();
    private readonly Stack<string> _open = new();

    public SvgWriter Open(string element, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        Start(element, attributes);
        _svg.Append('>');
        _open.Push(element);
        return this;
    }

    public SvgWriter Close()
    {
        _svg.Append("</").Append(_open.Pop()).Append('>');
        return this;
    }

    public SvgWriter Empty(string element, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        Start(element, attributes);
        _svg.Append("/>");
        return this;
    }

    /// <summary>An element that holds nothing but text.</summary>
    public SvgWriter Text(string element, string text, params ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        Open(element, attributes);
        _svg.Append(WebUtility.HtmlEncode(text));
        return Close();
    }

    public override string ToString() =>
        _open.Count == 0 ? _svg.ToString() : throw new InvalidOperationException($"<{_open.Peek()}> is still open.");

    /// <summary>A number as attributes have it.</summary>
    public static string Number(double value) => Append(new StringBuilder(), value).ToString();

    /// <summary>Adds a number as attributes have it: tenths are whole numbers, and those are written ten times as fast.</summary>
    public static StringBuilder Append(StringBuilder text, double value)
    {
        var tenths = (long)Math.Round(value * 10);
        if (tenths < 0)
            text.Append('-');
        var (whole, tenth) = Math.DivRem(Math.Abs(tenths), 10);
        text.Append(CultureInfo.InvariantCulture, $"{whole}");
        return tenth == 0 ? text : text.Append('.').Append((char)('0' + tenth));
    }

    private void Start(string element, ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        _svg.Append('<').Append(element);
        foreach (var (name, value) in attributes)
        {
            if (value is null)
                continue;
            _svg.Append(' ').Append(name).Append("=\"");
            if (value is double number)
                Append(_svg, number);
            else
                _svg.Append(WebUtility.HtmlEncode(Convert.ToString(value, CultureInfo.InvariantCulture)));
            _svg.Append('"');
        }
    }
}
