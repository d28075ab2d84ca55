using System.Text;

namespace Metrics.Core.Charts;

/// <summary>A place of a line.</summary>
/// <param name="Complete">Whether the value is final; the way to one that is not is dashed.</param>
internal sealed record Dot(double X, double Y, bool Complete);

/// <summary>A line through dots, with gaps where there is none.</summary>
internal static class Line
{
    /// <summary>Draws the runs between gaps; a dot between two gaps, which no line could show, becomes a small circle.</summary>
    public static void Draw(SvgWriter svg, IReadOnlyList<Dot?> dots, string className)
    {
        var run = new List<Dot>();

        // Whether the run's first dot is the end of a stretch already drawn, so that it can be seen without one of its own.
        var reached = false;
        foreach (var dot in dots.Append(null))
        {
            if (dot is null)
            {
                Flush();
            }
            else if (run.Count > 0 && dot.Complete != run[^1].Complete)
            {
                var from = run[^1];
                Flush();
                Polyline([from, dot], className + " dashed");
                run.Add(dot);
                reached = true;
            }
            else
            {
                run.Add(dot);
            }
        }

        void Flush()
        {
            if (run.Count > 1)
                Polyline(run, run[0].Complete ? className : className + " dashed");
            else if (run.Count == 1 && !reached)
                svg.Empty("circle", ("class", className + " single"), ("cx", run[0].X), ("cy", run[0].Y), ("r", 1.5));
            run.Clear();
            reached = false;
        }

        void Polyline(List<Dot> points, string name)
        {
            var text = new StringBuilder();
            foreach (var point in points)
            {
                SvgWriter.Append(text.Length == 0 ? text : text.Append(' '), point.X);
                SvgWriter.Append(text.Append(','), point.Y);
            }

            svg.Empty("polyline", ("class", name), ("points", text.ToString()));
        }
    }
}
