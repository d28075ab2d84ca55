using Metrics.Core.Tests.Models.Finance;
using Metrics.Core.Catalog;
using Metrics.Core.Models;
using Metrics.Core.Models.Activities;
using Metrics.Core.Periods;
using Metrics.Core.Records;

namespace Metrics.Core.Tests.Models;

/// <summary>What a model makes of records, whichever way it is fed.</summary>
internal static class Computed
{
    /// <summary>The first day of which a metric is not known yet, where its sources are not from another on.</summary>
    public static DateOnly Through(IModel model, ReportingCalendar calendar, Metric metric, DateOnly through) =>
        model is IActivityModel activity ? new ActivityComputation(calendar, [(metric, activity)]).CompleteThrough(metric, through) : through;

    public static ModelResult From(IModel model, ReportingCalendar calendar, IReadOnlyList<Metric> metrics, DateOnly completeThrough, IEnumerable<StoredRecord> records,
        IReadOnlyDictionary<string, string>? choices = null)
    {
        if (model is IRecordModel fed)
        {
            var run = fed.Start(new ModelContext(calendar, metrics, completeThrough) 
            {
                Accounts = FinanceModelTests.Accounts, Choices = choices ?? new Dictionary<string, string>(),
            });
            foreach (var record in records)
                run.Add(record);
            return run.Finish();
        }

        var computation = new ActivityComputation(calendar, metrics.Select(metric => (metric, (IActivityModel)model)));
        foreach (var record in records)
            computation.Add(record.Body, isSignup: record.Body.Text("event") is null);
        computation.Count(completeThrough, completeThrough, CancellationToken.None);
        var first = computation.DataFrom(activity: true, signups: true);
        return new ModelResult(first < completeThrough ? first : null, [.. computation.Outputs(_ => completeThrough, _ => completeThrough)])
        {
            Warnings = computation.Warnings(completeThrough, hasSignups: false),
        };
    }
}
