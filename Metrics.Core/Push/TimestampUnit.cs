namespace Metrics.Core.Push;

/// <summary>What the timestamps of a push count.</summary>
public enum TimestampUnit
{
    Nanoseconds,
    Microseconds,
    Milliseconds,
    Seconds,
    Minutes,
    Hours,
}

/// <summary>The units as InfluxDB's clients spell them in <c>precision=</c>.</summary>
public static class TimestampUnits
{
    /// <summary>The unit of a spelling of the first generation of clients (n, u, µ, ms, s, m, h) or the second (ns, us, ms, s); null for any other text.</summary>
    public static TimestampUnit? TryParse(string? text) => text switch
    {
        "n" or "ns" => TimestampUnit.Nanoseconds,
        "u" or "us" or "µ" or "μ" => TimestampUnit.Microseconds,
        "ms" => TimestampUnit.Milliseconds,
        "s" => TimestampUnit.Seconds,
        "m" => TimestampUnit.Minutes,
        "h" => TimestampUnit.Hours,
        _ => null,
    };

    /// <summary>How many nanoseconds one of the unit has.</summary>
    public static long Nanos(this TimestampUnit unit) => unit switch
    {
        TimestampUnit.Nanoseconds => 1,
        TimestampUnit.Microseconds => 1_000,
        TimestampUnit.Milliseconds => 1_000_000,
        TimestampUnit.Seconds => 1_000_000_000,
        TimestampUnit.Minutes => 60_000_000_000,
        TimestampUnit.Hours => 3_600_000_000_000,
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, message: null),
    };
}
