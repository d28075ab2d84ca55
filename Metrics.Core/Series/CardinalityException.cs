namespace Metrics.Core.Series;

/// <summary>A write would give a metric more series than its store carries; nothing of it is stored.</summary>
public sealed class CardinalityException(string message) : ArgumentException(message);
