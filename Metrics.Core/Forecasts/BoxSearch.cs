namespace Metrics.Core.Forecasts;

/// <summary>Finds where a function of a few numbers between 0 and 1 is smallest. Deterministic: the same function gives the same place.</summary>
internal static class BoxSearch
{
    // Larger steps leap out of the valley that the start lies in, into worse ones.
    private const double FirstStep = 0.02;
    private const double LastStep = 1e-6;

    /// <summary>
    /// Goes downhill from a start along the axes and along the way it came (Hooke and Jeeves), with steps that are halved where none leads
    /// down. Needs no slope, and the sides of the box are no obstacle.
    /// </summary>
    public static (double[] Place, double Value) Minimize(Func<double[], double> function, double[] start, double low, double high)
    {
        var best = (double[])start.Clone();
        var value = function(best);
        for (var step = FirstStep; step > LastStep;)
        {
            var (place, found) = Around(function, best, value, step, low, high);
            if (!(found < value))
            {
                step /= 2;
                continue;
            }

            // As long as it pays, go on in the same direction.
            while (found < value)
            {
                var ahead = new double[best.Length];
                for (var i = 0; i < ahead.Length; i++)
                    ahead[i] = Math.Clamp(2 * place[i] - best[i], low, high);
                (best, value) = (place, found);
                (place, found) = Around(function, ahead, function(ahead), step, low, high);
            }
        }

        return (best, value);
    }

    private static (double[] Place, double Value) Around(
        Func<double[], double> function, double[] from, double value, double step, double low, double high)
    {
        var place = (double[])from.Clone();
        for (var i = 0; i < place.Length; i++)
        {
            var stood = place[i];
            foreach (var by in (ReadOnlySpan<double>)[step, -step])
            {
                place[i] = Math.Clamp(stood + by, low, high);
                var there = place[i] == stood ? double.PositiveInfinity : function(place);
                if (there < value)
                {
                    (value, stood) = (there, place[i]);
                    break;
                }

                place[i] = stood;
            }
        }

        return (place, value);
    }
}
