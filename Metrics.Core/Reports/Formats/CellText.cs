using System.Globalization;

namespace Metrics.Core.Reports.Formats;

/// <summary>How typed cells look in text formats: ISO dates, UTC instants, numbers at full precision with a point.</summary>
internal static class CellText
{
    public static string Of(object value) => value switch
    {
        string text => text,
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        decimal number => Plain(number),
        bool flag => flag ? "true" : "false",
        _ => throw new ArgumentException($"A cell of type {value.GetType().Name} has no text form.", nameof(value)),
    };

    /// <summary>Without the zeros that a decimal keeps at its end: 50.00 and 50 are the same amount.</summary>
    private static string Plain(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);
}
