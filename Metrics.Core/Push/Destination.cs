using Metrics.Core.Catalog;
using Metrics.Core.Series;

namespace Metrics.Core.Push;

/// <summary>Where the values of a field of a series go.</summary>
public abstract class Destination
{
    private Destination()
    {
    }

    /// <summary>Values of a metric.</summary>
    public sealed class Stored(Metric metric, SeriesKey key, PushDays days) : Destination
    {
        public Metric Metric { get; } = metric;

        public SeriesKey Key { get; } = key;

        public PushDays Days { get; } = days;
    }

    /// <summary>Nobody knows yet what it is: kept until a rule says so.</summary>
    public sealed class Waiting(InboxKey key) : Destination
    {
        public InboxKey Key { get; } = key;
    }

    /// <summary>It can never be what it says it is.</summary>
    public sealed class Refused(string reason) : Destination
    {
        public string Reason { get; } = reason;
    }

    /// <summary>A rule does not want it.</summary>
    public sealed class Ignored : Destination
    {
        public static Ignored Instance { get; } = new();
    }
}
