using System.Globalization;
using System.Text.Json;
using Metrics.Core.Push;

namespace Dashboard.Web.Endpoints;

/// <summary>Reads points from JSON: an array of them, or an object with the array <c>points</c>.</summary>
internal static class PushedPoints
{
    private const string Point = "a point has metric, day or time, value, and may have dimensions and grain";

    /// <summary>Adds the points to a batch, those at fault as refused; says why there are no points at all, where there are none.</summary>
    public static string? Add(ReadOnlyMemory<byte> body, PushBatch batch)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException broken)
        {
            return $"The body is no JSON: {broken.Message}";
        }

        using (document)
        {
            var root = document.RootElement;
            var points = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("points", out var inside) ? inside : root;
            if (points.ValueKind != JsonValueKind.Array)
                return "The body must be an array of points, or an object with the array 'points'.";

            var index = 0;
            foreach (var point in points.EnumerateArray())
            {
                if (Add(point, index, batch) is { } fault)
                    batch.Refuse(index, fault);
                index++;
            }
        }

        return null;
    }

    private static string? Add(JsonElement point, int index, PushBatch batch)
    {
        if (point.ValueKind != JsonValueKind.Object)
            return $"It is no object: {Point}.";

        string? metric = null, grain = null;
        DateOnly? day = null;
        DateTimeOffset? time = null;
        double? value = null;
        var dimensions = new List<KeyValuePair<string, string>>();
        foreach (var key in point.EnumerateObject())
        {
            var fault = key.Name switch
            {
                "metric" => Text(key.Value, out metric) ? null : "'metric' must be a metric's id.",
                "grain" => Text(key.Value, out grain) ? null : "'grain' must be day, week, month, quarter or year.",
                "day" => Day(key.Value, out day) ? null : "'day' must be a date such as 2026-11-16.",
                "time" => Time(key.Value, out time) ? null : "'time' must be an instant with its zone, such as 2026-11-16T08:30:00Z.",
                "value" => Number(key.Value, out value) ? null : "'value' must be a number.",
                "dimensions" => Dimensions(key.Value, dimensions) ? null : "'dimensions' must be an object of texts.",
                _ => $"'{key.Name}' is not known: {Point}.",
            };
            if (fault is not null)
                return fault;
        }

        if (metric is null)
            return "It has no 'metric'.";
        if (value is not { } number)
            return "It has no 'value'.";
        if (day is null == time is null)
            return day is null ? "It has neither 'day' nor 'time'." : "It has both 'day' and 'time'; one of them counts.";

        batch.Add(index, metric, grain, dimensions, day, time, number);
        return null;
    }

    private static bool Text(JsonElement value, out string? text)
    {
        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }

    private static bool Number(JsonElement value, out double? number)
    {
        number = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var given) && double.IsFinite(given) => given,
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            _ => null,
        };
        return number is not null;
    }

    private static bool Day(JsonElement value, out DateOnly? day)
    {
        day = Text(value, out var text) && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var given)
            && IsInRange(given.Year) ? given : null;
        return day is not null;
    }

    // An instant without a zone would be one of this machine's; a sender elsewhere cannot have meant that.
    private static bool Time(JsonElement value, out DateTimeOffset? time)
    {
        time = Text(value, out var text) && DateTimeOffset.TryParseExact(
                text, ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var given)
            && (text!.EndsWith('Z') || text[^6] is '+' or '-') && IsInRange(given.UtcDateTime.Year) ? given : null;
        return time is not null;
    }

    // Nanoseconds since 1970 in 64 bits reach from 1677 to 2262.
    private static bool IsInRange(int year) => year is > 1677 and < 2262;

    private static bool Dimensions(JsonElement value, List<KeyValuePair<string, string>> dimensions)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return false;

        foreach (var pair in value.EnumerateObject())
        {
            if (!Text(pair.Value, out var text))
                return false;
            dimensions.Add(KeyValuePair.Create(pair.Name, text!));
        }

        return true;
    }
}
