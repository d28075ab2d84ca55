namespace Metrics.Core.Series;

/// <summary>
/// The server that keeps the series does not answer, or does not do what it is asked; the message names it and says what to do.
/// Nothing that was stored before is lost, and asking again later may succeed.
/// </summary>
public sealed class StoreUnreachableException(string message, Exception? inner = null) : Exception(message, inner);
