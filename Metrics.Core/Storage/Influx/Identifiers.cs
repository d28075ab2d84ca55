using System.Text.RegularExpressions;

namespace Metrics.Core.Storage.Influx;

/// <summary>Names that stand in a query as they are, because only values can be bound: databases, dimensions.</summary>
internal static partial class Identifiers
{
    public static bool IsAllowed(string name) => Allowed().IsMatch(name);

    /// <summary>The name in quotes.</summary>
    /// <exception cref="ArgumentException">It holds more than letters, digits, <c>_ . -</c>.</exception>
    public static string Quoted(string name) => IsAllowed(name)
        ? $"\"{name}\""
        : throw new ArgumentException($"InfluxDB cannot keep a dimension '{name}': use letters, digits, '_', '-' and '.', and begin with a letter or '_'.");

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.-]*\\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Allowed();
}
