using System.Runtime.InteropServices;
using Metrics.Core.Periods;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;

namespace Metrics.Core.Models.Satisfaction;

/// <summary>One sent survey that counts: its day, its segment, and the score where there is an answer.</summary>
/// <param name="Scale">What the score lies on; null where there is no score.</param>
internal sealed record CountedSurvey(DateOnly Day, Segment Segment, decimal? Score, ScoreScale? Scale, string? Respondent, StreamId Stream,
    string Record);

/// <summary>
/// Collects surveys and says which of them count: each respondent once in a round, with the newest answer that lies on its scale.
/// </summary>
/// <remarks>Keeps about a hundred bytes a survey: which answer is the newest is only known when all have been seen.</remarks>
internal sealed class AnswerBook(ReportingCalendar calendar, DateOnly before)
{
    private readonly Dictionary<string, List<Entry>> _surveys = new(StringComparer.OrdinalIgnoreCase);
    private readonly DayMemory _days = new(calendar);
    private readonly Dictionary<string, ScoreScale?> _scales = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The first day with a survey; null before there is one.</summary>
    public DateOnly? First { get; private set; }

    /// <param name="only">The survey that is asked for; null for all.</param>
    public void Add(StoredRecord record, string? only = null)
    {
        var response = SurveyResponse.From(record.Body);
        var day = response.At.Day(_days.DayOf);
        if (day >= before)
            return;

        if (First is null || day < First)
            First = day;
        if (only is not null && !string.Equals(only, response.Survey, StringComparison.OrdinalIgnoreCase))
            return;

        if (!_surveys.TryGetValue(response.Survey, out var entries))
            _surveys[response.Survey] = entries = [];
        var moment = response.At.Instant?.UtcTicks ?? calendar.StartOf(day).UtcTicks;
        entries.Add(new Entry(
            day, moment, record.Version, response.Segment, response.Score, Shared(response.Scale), response.Respondent,
            Shared(response.Wave), record.Stream, RecordLines.KeyOf(record)));
    }

    /// <summary>The surveys of one name that count, in the order in which they came.</summary>
    /// <param name="scale">What scores lie on where a record does not say; null leaves it to the survey's name.</param>
    /// <param name="promoter">Whether the scores must lie on 0-10, as promoters and detractors are defined.</param>
    /// <param name="warnings">Learns of rows that do not count.</param>
    public IReadOnlyList<CountedSurvey> Counted(string survey, ScoreScale? scale, bool promoter, WarningLog? warnings)
    {
        var newest = new Dictionary<(string Respondent, string? Wave, DateOnly Day), int>();
        var counted = new List<(CountedSurvey Survey, Entry Entry)>();
        var named = survey.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
        foreach (var entry in CollectionsMarshal.AsSpan(_surveys.GetValueOrDefault(survey) ?? []))
        {
            var own = entry.Scale is { } written ? ScaleOf(written) : scale ?? ScoreScale.Usual(survey);
            if (entry.Score is { } score)
            {
                if (own is null)
                {
                    warnings?.Note("scale_unreadable",
                        $"The scale of {{0}} answers to '{named}' is not known, and they are left out. Write it as 0-10 or 1-5.",
                        true, entry.Stream.ToString(), entry.Record,
                        entry.Scale is { } text ? $"scale '{text}'" : $"no scale for '{survey}'");
                    continue;
                }

                if (!own.Contains(score))
                {
                    warnings?.Note("score_off_scale", $"{{0}} scores of '{named}' are off their scale and left out.",
                        true, entry.Stream.ToString(), entry.Record, FormattableString.Invariant($"score {score} on {own}"));
                    continue;
                }

                if (promoter && own != ScoreScale.Promoter)
                {
                    warnings?.Note("no_promoter_scale",
                        $"{{0}} answers to '{named}' are not on the scale 0-10 of promoters and detractors, and left out.",
                        true, entry.Stream.ToString(), entry.Record, $"scale {own}");
                    continue;
                }
            }

            var one = new CountedSurvey(entry.Day, entry.Segment, entry.Score, entry.Score is null ? null : own, entry.Respondent,
                entry.Stream, entry.Record);
            if (entry.Respondent is not { } respondent)
            {
                counted.Add((one, entry));
                continue;
            }

            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(newest,
                (respondent, entry.Wave, entry.Wave is null ? entry.Day : default), out var again);
            if (!again)
            {
                place = counted.Count;
                counted.Add((one, entry));
                continue;
            }

            // A survey that was sent and then answered is one survey; only a second answer is one too many.
            var other = counted[place].Entry;
            var isNewer = (entry.Score is not null, entry.Moment, entry.Version)
                .CompareTo((other.Score is not null, other.Moment, other.Version)) > 0;
            var left = isNewer ? other : entry;
            if (left.Score is not null)
            {
                warnings?.Note("answered_twice",
                    $"{{0}} answers to '{named}' were followed by a newer one of their respondent in the same round, which counts alone.",
                    false, left.Stream.ToString(), left.Record, FormattableString.Invariant($"{respondent} on {left.Day:yyyy-MM-dd}"));
            }

            if (isNewer)
                counted[place] = (one, entry);
        }

        return [.. counted.Select(pair => pair.Survey)];
    }

    private ScoreScale? ScaleOf(string text)
    {
        if (!_scales.TryGetValue(text, out var scale))
            _scales[text] = scale = ScoreScale.TryParse(text);
        return scale;
    }

    /// <summary>A million records share a few scales and rounds.</summary>
    private string? Shared(string? text)
    {
        if (text is null)
            return null;
        if (!_names.TryGetValue(text, out var shared))
            _names[text] = shared = text;
        return shared;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(
        DateOnly Day, long Moment, long Version, Segment Segment, decimal? Score, string? Scale, string? Respondent, string? Wave,
        StreamId Stream, string Record);
}
