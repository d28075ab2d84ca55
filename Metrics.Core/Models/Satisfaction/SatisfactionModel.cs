using Metrics.Core.Catalog;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Satisfaction;

/// <summary>
/// What people answer to surveys, as counts and sums of each day: NPS, CSAT and CES are formulas of them, so that a quarter is pooled
/// from its answers and never a mean of means (KPIS §1.4).
/// </summary>
public sealed class SatisfactionModel : IRecordModel, IModelWorking
{
    private const string ByName = "by_name";

    private static readonly Choice Scale = new("scale", "The scale of answers that come without one.", ByName)
    {
        Pattern = @"by_name|-?\d+-\d+",
        PatternHint = "the lowest and the highest score such as 0-10, or by_name: 0-10 for nps, 1-5 for csat, 1-7 for ces",
    };

    public string Name => "satisfaction";

    public IReadOnlyList<string> RecordTypes { get; } = [SurveyResponse.Type.Name];

    public IReadOnlyList<Measure> Measures { get; } =
    [
        .. CountsOf("nps", "promoters", "passives", "detractors"),
        .. CountsOf(null, "answers", "sent", "score_sum", "score_squares"),
        new Measure("satisfied") { With = [Survey("csat"), Scale, Top(2)] },
        new Measure("easy") { With = [Survey("ces"), Scale, Top(3)] },
    ];

    public IReadOnlyList<string> Policy { get; } =
    [
        "A survey counts on the local day on which it was answered; one without an answer on the day on which it was sent.",
        "A respondent counts once in a round of a survey, or once a day where it has no rounds: the newest answer is theirs.",
        "Promoters answer 9 or 10 on a scale from 0 to 10, detractors 0 to 6.",
        "Satisfied is one of the two best scores of the scale, easy one of the three best, unless the metric says otherwise.",
        "Where a source delivers answers alone, nobody knows how many surveys were sent, and there is no response rate.",
    ];

    public IModelRun Start(ModelContext context) => new Run(context);

    public IWorkingRun Explain(WorkingQuestion question) => new Working(question);

    private static IEnumerable<Measure> CountsOf(string? survey, params IEnumerable<string> names) =>
        names.Select(name => new Measure(name) { With = [Survey(survey), Scale] });

    private static Choice Survey(string? name) =>
        new("survey", "The survey whose answers are counted.", name) { PatternHint = "the name of a survey" };

    private static Choice Top(int boxes) => Choice.Number("top", "How many of the best scores of the scale count.", boxes);

    /// <summary>What is the same for a metric and for its working.</summary>
    private sealed class Question
    {
        private readonly string _measure;
        private readonly int _top;
        private readonly ScoreScale? _scale;

        public Question(IModel model, Metric metric)
        {
            Metric = metric;
            _measure = metric.Measure;
            var with = model.Measures.Single(measure => measure.Name == _measure).With;
            Survey = with[0].Of(metric);
            _scale = with[1].Of(metric) is var text and not ByName ? ScoreScale.TryParse(text) : null;
            _top = with.Count > 2 ? with[2].NumberOf(metric) : 0;
        }

        public Metric Metric { get; }

        public string Survey { get; }

        private bool IsPromoter => _measure is "promoters" or "passives" or "detractors";

        /// <summary>What metrics that count the same surveys share.</summary>
        public (string Survey, ScoreScale? Scale, bool IsPromoter) Selection => (Survey.ToUpperInvariant(), _scale, IsPromoter);

        public IReadOnlyList<CountedSurvey> Counted(AnswerBook book, WarningLog? warnings) =>
            book.Counted(Survey, _scale, IsPromoter, warnings);

        /// <summary>Whether the surveys say anything about the measure at all.</summary>
        public bool IsKnownFrom(IReadOnlyList<CountedSurvey> counted) => _measure != "sent" || counted.Any(one => one.Score is null);

        /// <summary>What one survey adds to the measure; null where it adds nothing, which is less than a zero.</summary>
        public decimal? Adds(CountedSurvey survey) => (_measure, survey.Score) switch
        {
            ("sent", _) => 1,
            (_, null) => null,
            ("answers", _) => 1,
            ("promoters", >= 9) => 1,
            ("passives", >= 7 and < 9) => 1,
            ("detractors", < 7) => 1,
            ("satisfied" or "easy", { } score) => survey.Scale!.IsInTop(score, _top) ? 1 : null,
            ("score_sum", { } score) => score,
            ("score_squares", { } score) => score * score,
            _ => null,
        };
    }

    private sealed class Run(ModelContext context) : IModelRun
    {
        private readonly AnswerBook _book = new(context.Calendar, context.CompleteThrough);

        public void Add(StoredRecord record) => _book.Add(record);

        public ModelResult Finish()
        {
            var model = new SatisfactionModel();
            var outputs = new List<ModelOutput>();
            var warnings = new List<DataWarning>();
            foreach (var same in context.Metrics.Select(metric => new Question(model, metric)).GroupBy(question => question.Selection))
            {
                var log = new WarningLog();
                var counted = same.First().Counted(_book, log);
                foreach (var question in same)
                {
                    var sums = new DaySums(question.Metric);
                    foreach (var survey in question.IsKnownFrom(counted) ? counted : [])
                    {
                        if (question.Adds(survey) is { } adds)
                            sums.Add(survey.Day, survey.Segment, adds);
                    }

                    outputs.Add(sums.Output());
                }

                string[] metrics = [.. same.Select(question => question.Metric.Id)];
                warnings.AddRange(log.Warnings.Select(warning => warning with { Metrics = metrics }));
            }

            return new ModelResult(_book.First, outputs) { Warnings = warnings };
        }
    }

    private sealed class Working(WorkingQuestion question) : IWorkingRun
    {
        private readonly Question _own = new(new SatisfactionModel(), question.Metric);
        private readonly AnswerBook _book = new(question.Calendar, question.Known.End);

        public void Add(StoredRecord record) => _book.Add(record, _own.Survey);

        public ModelWorking Finish()
        {
            var lines = new WorkingLines(question,
            [
                new WorkingColumn("day", WorkingKind.Day), new WorkingColumn("respondent", WorkingKind.Text),
                new WorkingColumn("score", WorkingKind.Count), new WorkingColumn("scale", WorkingKind.Text),
                .. question.Metric.Dimensions.Select(dimension => new WorkingColumn(dimension, WorkingKind.Text)),
                    .. RecordLines.RecordColumns,
            ]);
            var counted = _own.Counted(_book, null);
            foreach (var survey in _own.IsKnownFrom(counted) ? counted : [])
            {
                if (question.Days?.Contains(survey.Day) == true && question.AsksOfFinest(survey.Segment) && _own.Adds(survey) is { } adds)
                {
                    lines.Add(survey.Day, survey.Segment.On(question.Metric.Dimensions), adds, () =>
                    [
                        survey.Day, survey.Respondent, survey.Score, survey.Scale?.ToString(),
                        .. question.Metric.Dimensions.Select(dimension => survey.Segment[dimension] ?? Series.Segment.NoValue),
                        survey.Stream.ToString(), survey.Record,
                    ]);
                }
            }

            return lines.Finish(question.Measure == "sent" ? "Each line is a survey that was sent."
                : "Each line is the answer of a respondent that counts.");
        }
    }
}
