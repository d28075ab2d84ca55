using System.CommandLine;
using System.Globalization;

namespace Ingestion.Worker.Commands;

/// <summary>Reads dates and instants of the command line.</summary>
internal static class DateOption
{
    /// <exception cref="UsageException">The option's text is no ISO date.</exception>
    public static DateOnly? Read(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is not { } text ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new UsageException($"{option.Name} takes an ISO date such as 2026-11-09, not '{text}'.");

    /// <exception cref="UsageException">The option's text is no ISO instant.</exception>
    public static DateTimeOffset? ReadInstant(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant
        : throw new UsageException($"{option.Name} takes an instant such as 2026-11-09T06:00:00Z, not '{text}'.");
}
