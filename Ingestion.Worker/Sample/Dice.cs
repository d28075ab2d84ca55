namespace Ingestion.Worker.Sample;

/// <summary>Chance that always falls the same way: SplitMix64, seeded with the name of the subject it is for.</summary>
/// <remarks>
/// Not <see cref="Random"/>, whose sequence may differ in another runtime. Each subject has dice of its own, so a change to one
/// file leaves the others as they are. Only + − × ÷ and the square root are used, here and by the callers: IEEE 754 fixes their
/// results to the last bit, whereas logarithms and powers differ between platforms.
/// </remarks>
internal sealed class Dice
{
    private ulong _state;

    public Dice(string subject)
    {
        // FNV-1a: string.GetHashCode is another number in every process.
        _state = 14695981039346656037;
        foreach (var letter in subject)
            _state = (_state ^ letter) * 1099511628211;
    }

    /// <summary>At least 0, below 1.</summary>
    public double Next()
    {
        var bits = _state += 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return ((bits ^ (bits >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    public bool Chance(double probability) => Next() < probability;

    public int Below(int limit) => (int)(Next() * limit);

    public double Between(double low, double high) => low + (high - low) * Next();

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>One of the choices, each as often as its weight says; the weights add up to 1.</summary>
    public T Pick<T>(IReadOnlyList<(T Choice, double Weight)> choices)
    {
        var roll = Next();
        foreach (var (choice, weight) in choices)
        {
            if ((roll -= weight) < 0)
                return choice;
        }

        return choices[^1].Choice;
    }

    /// <summary>How many of something happened where <paramref name="mean"/> were to be expected.</summary>
    public int Count(double mean)
    {
        if (mean > 50)
            return (int)(mean + Math.Sqrt(mean) * Normal() + 0.5);

        var tries = 10 * ((int)mean + 1);
        var count = 0;
        for (var i = 0; i < tries; i++)
        {
            if (Chance(mean / tries))
                count++;
        }

        return count;
    }

    /// <summary>Mean 0, deviation 1: the sum of twelve, which needs no logarithm.</summary>
    public double Normal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
            sum += Next();
        return sum;
    }

    /// <summary>
    /// A moment of a working day, in seconds after midnight UTC: between 05:00 and 21:00, so that the day is the same one in Berlin.
    /// </summary>
    public int Moment() => 5 * 3600 + (int)((Next() + Next()) / 2 * 16 * 3600);
}
