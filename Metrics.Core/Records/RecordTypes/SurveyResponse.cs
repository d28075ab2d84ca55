using Metrics.Core.Series;

namespace Metrics.Core.Records.RecordTypes;

/// <summary>A survey that somebody was sent, with what they answered.</summary>
/// <param name="Score">The answer; null where none has come.</param>
/// <param name="Scale">The lowest and the highest score as the source writes them, such as <c>0-10</c>; null where it does not say.</param>
/// <param name="Wave">The round of the survey that it belongs to; null where a survey has none, and then each day is one.</param>
public sealed record SurveyResponse(
    string Survey, string? Respondent, decimal? Score, string? Scale, RecordMoment At, string? Wave, Segment Segment)
{
    public static RecordType Type { get; } = new("survey_response",
        new RecordField("survey", FieldKind.Text, "nps, csat, ces or a name.") { Required = true },
        new RecordField("respondent", FieldKind.Text, "Who answered."),
        new RecordField("score", FieldKind.Number, "The answer; empty when the survey was sent and not answered."),
        new RecordField("scale", FieldKind.Text, "The lowest and highest score, such as 0-10."),
        new RecordField(RecordType.TimeField, FieldKind.Moment, "When it was answered; of one without an answer, when it was sent.") { Required = true },
        new RecordField("comment", FieldKind.Text, "What they wrote."),
        new RecordField("wave", FieldKind.Text, "The round of the survey, in which each respondent counts once. Default: the day."));

    public static SurveyResponse From(RecordBody body) => new(
        body.Text("survey")!, body.Text("respondent"), body.Number("score"), body.Text("scale"), body.Moment(RecordType.TimeField)!.Value,
        body.Text("wave"), body.Segment());
}
