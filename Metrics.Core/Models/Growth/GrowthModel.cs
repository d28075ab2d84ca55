using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;

namespace Metrics.Core.Models.Growth;

/// <summary>Signups from signup records.</summary>
public sealed class GrowthModel : IRecordModel, IModelWorking
{
    public string Name => "growth";

    public IReadOnlyList<string> RecordTypes { get; } = [Signup.Type.Name];

    public IReadOnlyList<Measure> Measures { get; } = [.. Measure.Of("signups")];

    public IReadOnlyList<string> Policy { get; } = ["A signup is counted on the local day on which the account was created."];

    public IModelRun Start(ModelContext context) => new Run(context);

    public IWorkingRun Explain(WorkingQuestion question) => new Working(question);

    private sealed class Run(ModelContext context) : IModelRun
    {
        private readonly DaySums[] _sums = [.. context.Metrics.Select(metric => new DaySums(metric))];
        private DateOnly? _first;

        public void Add(StoredRecord record)
        {
            var signup = Signup.From(record.Body);
            var day = signup.At.Day(context.Calendar.DayOf);
            if (day >= context.CompleteThrough)
                return;

            if (_first is null || day < _first)
                _first = day;
            foreach (var sum in _sums)
                sum.Add(day, signup.Segment, 1);
        }

        public ModelResult Finish() => new(_first, [.. _sums.Select(sum => sum.Output())]);
    }

    private sealed class Working(WorkingQuestion question) : IWorkingRun
    {
        private readonly RecordLines _lines = new(question, new WorkingColumn("user", WorkingKind.Text));

        public void Add(StoredRecord record)
        {
            var signup = Signup.From(record.Body);
            var day = signup.At.Day(question.Calendar.DayOf);
            if (question.Days?.Contains(day) == true && question.AsksOfFinest(signup.Segment))
                _lines.Add(record, day, day, signup.Segment, signup.Segment.On(question.Metric.Dimensions), 1, signup.User);
        }

        public ModelWorking Finish() => _lines.Finish("Each line is an account that was created in the period.");
    }
}
