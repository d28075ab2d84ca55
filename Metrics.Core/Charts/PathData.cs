using System.Text;

namespace Metrics.Core.Charts;

/// <summary>Strokes that share one <c>path</c> element: many marks of one look at the cost of a few characters each.</summary>
internal sealed class PathData
{
    private readonly StringBuilder _data = new();

    public bool IsEmpty => _data.Length == 0;

    /// <summary>A level stroke from a place to the right; of no length it is a dot where lines have round ends.</summary>
    public PathData Stroke(double x, double y, double length)
    {
        SvgWriter.Append(_data.Append('M'), x);
        SvgWriter.Append(_data.Append(' '), y);
        SvgWriter.Append(_data.Append('h'), length);
        return this;
    }

    public override string ToString() => _data.ToString();
}
