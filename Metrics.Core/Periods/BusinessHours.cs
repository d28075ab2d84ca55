using System.Globalization;

namespace Metrics.Core.Periods;

/// <summary>The hours of each weekday in which somebody works, as clocks in the workspace's zone show them.</summary>
public sealed class BusinessHours
{
    private static readonly DayOfWeek[] WorkingDays =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    private readonly Dictionary<DayOfWeek, IReadOnlyList<(TimeSpan From, TimeSpan To)>> _spans;

    private BusinessHours(Dictionary<DayOfWeek, IReadOnlyList<(TimeSpan From, TimeSpan To)>> spans) => _spans = spans;

    /// <summary>Monday to Friday from 9 to 17.</summary>
    public static BusinessHours Default { get; } = new(WorkingDays.ToDictionary(
        day => day, _ => (IReadOnlyList<(TimeSpan From, TimeSpan To)>)[(TimeSpan.FromHours(9), TimeSpan.FromHours(17))]));

    /// <summary>The names that <see cref="TryParse"/> takes: those of the days, and <c>weekdays</c> for Monday to Friday.</summary>
    public static IReadOnlyList<string> Names { get; } = ["weekdays",
        .. Enum.GetNames<DayOfWeek>().Select(name => name.ToLowerInvariant())];

    /// <summary>The spans of a weekday after its midnight, in order and apart from each other; empty where nobody works.</summary>
    public IReadOnlyList<(TimeSpan From, TimeSpan To)> Of(DayOfWeek day) => _spans.GetValueOrDefault(day, []);

    /// <summary>
    /// The hours written as a day's name with its spans, such as <c>monday: 09:00-12:30, 13:00-17:00</c>; a day that is not named is
    /// closed. Null, with what is wrong, where that cannot be read.
    /// </summary>
    public static BusinessHours? TryParse(IReadOnlyDictionary<string, string> byName, out string fault)
    {
        fault = "";
        var spans = new Dictionary<DayOfWeek, IReadOnlyList<(TimeSpan From, TimeSpan To)>>();
        foreach (var (name, text) in byName.OrderBy(pair => pair.Key == "weekdays" ? 0 : 1))
        {
            if (!Names.Contains(name))
                fault = $"'{name}' is no weekday; known are {string.Join(", ", Names)}.";
            else if (ParseDay(text) is not { } day)
                fault = $"'{text}' of {name} are no hours such as 09:00-17:00, or 09:00-12:00, 13:00-17:00.";
            else
            {
                foreach (var one in name == "weekdays" ? WorkingDays : [Enum.Parse<DayOfWeek>(name, ignoreCase: true)])
                    spans[one] = day;
            }
        }

        return fault.Length == 0 ? new BusinessHours(spans) : null;
    }

    /// <summary>The hours as one text, the same for the same hours.</summary>
    public override string ToString() => string.Join("; ", _spans.OrderBy(day => day.Key).Select(day =>
        $"{day.Key} {string.Join(", ", day.Value.Select(span => string.Create(CultureInfo.InvariantCulture, $"{span.From}-{span.To}")))}"));

    private static List<(TimeSpan From, TimeSpan To)>? ParseDay(string text)
    {
        var spans = new List<(TimeSpan From, TimeSpan To)>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Split('-', StringSplitOptions.TrimEntries) is not [var from, var to] || TimeOf(from) is not { } start
                || TimeOf(to) is not { } end
                || end <= start || (spans.Count > 0 && start < spans[^1].To))
            {
                return null;
            }

            spans.Add((start, end));
        }

        return spans;
    }

    private static TimeSpan? TimeOf(string text) => text == "24:00" ? TimeSpan.FromDays(1)
        : TimeOnly.TryParseExact(text, ["H:mm", "HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time.ToTimeSpan() : null;
}
