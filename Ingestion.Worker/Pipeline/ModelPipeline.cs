using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Models;
using Metrics.Core.Records;
using Metrics.Core.Series;
using Microsoft.Extensions.Logging;

namespace Ingestion.Worker.Pipeline;

/// <summary>What one model did after a sync.</summary>
/// <param name="Outcome">The points it wrote; null where nothing that it depends on had changed.</param>
/// <param name="Error">Why its metrics could not be computed; what was computed before stays.</param>
public sealed record ModelRun(string Model, WriteOutcome? Outcome, string? Error);

/// <summary>Runs the models over the stored records and writes their points; the store keeps what did not change.</summary>
public sealed partial class ModelPipeline(
    IEnumerable<IModel> models, IRecordStore records, ISeriesStore series, IModelStateStore state, ModelFeeds feeds, ActivityPipeline activity,
    DefinitionVersions definitions, ILogger<ModelPipeline> log)
{
    /// <param name="sync">The sync that brought the records: points and restatements carry its number and the moment it began.</param>
    public async Task<IReadOnlyList<ModelRun>> RunAsync(CompanyDefinition company, SyncRun sync, CancellationToken cancellationToken)
    {
        var runs = new List<ModelRun>();
        var stamp = new WriteStamp(sync.Started, $"sync {sync.Id} of {sync.Source}");
        var readWell = sync.Streams.Where(stream => stream.Error is null).Select(stream => new StreamId(sync.Source, stream.Stream)).ToHashSet();
        if (await activity.RunAsync(company, stamp, readWell, cancellationToken) is { } together)
            runs.Add(together);
        foreach (var model in models.OfType<IRecordModel>())
        {
            if (await RunAsync(company, model, stamp, readWell, cancellationToken) is { } run)
                runs.Add(run);
        }

        return runs;
    }

    private async Task<ModelRun?> RunAsync(
        CompanyDefinition company, IRecordModel model, WriteStamp stamp, IReadOnlySet<StreamId> readWell, CancellationToken cancellationToken)
    {
        var fed = ModelFeeds.Of(company, model);
        if (fed.Length == 0)
            return null;

        // What a metric knows ends where the first of its streams ends; a stream that was never read yet ends before everything.
        StreamId[] ids = [.. fed.SelectMany(feed => feed.Streams).Distinct()];
        var through = await feeds.ThroughAsync(ids, cancellationToken);
        var inputs = string.Join('\n',
        [
            $"version {await records.NewestVersionAsync(ids, cancellationToken)}",
            .. ids.Select(id => ModelFeeds.InputsOf(id, through)),
            .. fed.Select(feed => ModelFeeds.InputsOf(feed.Metric)),
            ModelFeeds.InputsOf(company),
            $"{company.Accounts}",
            string.Join(',', company.Calendar.Settings.Holidays.Order().Select(day => day.ToString("O", CultureInfo.InvariantCulture))),
        ]);
        var groups = GroupsOf(fed, through);
        if (groups.Length == 0)
            return null;

        var versions = await definitions.BringUpToDateAsync(company, model, stamp.At, cancellationToken);
        inputs = string.Join('\n', [inputs, .. versions.Select(DefinitionVersions.Fingerprint)]);

        var outcome = (WriteOutcome?)null;
        try
        {
            if (await state.InputsAsync(model.Name, cancellationToken) != inputs)
            {
                outcome = WriteOutcome.Nothing;
                var warnings = new List<DataWarning>();
                foreach (var group in groups)
                    outcome += await ComputeAsync(company, model, versions, group, stamp, group.Streams.Any(readWell.Contains), warnings, cancellationToken);
                await state.SetWarningsAsync(model.Name, Merged(warnings), cancellationToken);
                await state.SetInputsAsync(model.Name, inputs, cancellationToken);
            }
            else
            {
                var read = groups.Where(group => group.Streams.Any(readWell.Contains)).SelectMany(group => group.Metrics);
                await feeds.FreshenAsync(read.Select(metric => metric.Id), stamp.At, cancellationToken);
            }
        }
        catch (ModelException refused)
        {
            LogRefused(model.Name, refused.Message);
            await state.SetFaultAsync(model.Name, refused.Message, cancellationToken);
            return new ModelRun(model.Name, null, refused.Message);
        }

        if (outcome is not null)
            LogRun(model.Name, outcome.New, outcome.Changed, outcome.Removed);
        return new ModelRun(model.Name, outcome, null);
    }

    /// <summary>Metrics that are fed by the same streams end on the same day and are computed together.</summary>
    private static Group[] GroupsOf(Feed[] fed, Dictionary<StreamId, DateOnly> through) =>
    [
        .. fed
            .GroupBy(feed => string.Join(',', feed.Streams))
            .Select(group => new Group([.. group.Select(feed => feed.Metric)], group.First().Streams))
            .Where(group => group.Streams.All(through.ContainsKey))
            .Select(group => group with { CompleteThrough = group.Streams.Min(stream => through[stream]) }),
    ];

    /// <summary>Groups that are fed by the same streams find the same rows; each is told once.</summary>
    private static DataWarning[] Merged(IEnumerable<DataWarning> warnings) =>
    [
        .. warnings.GroupBy(warning => (warning.Code, warning.Sentence)).Select(same => same.First() with
        {
            Metrics = [.. same.SelectMany(warning => warning.Metrics).Distinct().Order(StringComparer.Ordinal)],
        }),
    ];

    private async Task<WriteOutcome> ComputeAsync(
        CompanyDefinition company, IRecordModel model, IReadOnlyList<DefinitionVersion> versions, Group group, WriteStamp stamp, bool isNews, List<DataWarning> warnings,
        CancellationToken cancellationToken)
    {
        var context = new ModelContext(company.Calendar, group.Metrics, group.CompleteThrough) { Accounts = company.Accounts };
        var run = VersionedRun.Start(model, context, versions);
        await foreach (var record in records.ReadAsync(group.Streams, cancellationToken))
            run.Add(record);

        var result = run.Finish();
        warnings.AddRange(result.Warnings.Select(warning =>
            warning.Metrics.Count > 0 ? warning : warning with { Metrics = [.. group.Metrics.Select(metric => metric.Id)] }));
        var outcome = WriteOutcome.Nothing;
        foreach (var output in result.Outputs)
            outcome += await series.ReplaceAsync(output.Metric, output.Grain, output.Within, [.. output.Series], stamp, cancellationToken);

        // Watermarks last: until every point is stored, the periods they would complete stay incomplete.
        if (result.DataFrom is not { } from || from >= group.CompleteThrough)
            return outcome;

        Watermark[] reached = [.. group.Metrics.Select(metric => new Watermark(metric.Id, from, group.CompleteThrough, stamp.At))];
        await feeds.ReachAsync(reached, isNews, cancellationToken);
        return outcome;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Model}: {New} new points, {Changed} changed, {Removed} removed")]
    private partial void LogRun(string model, long @new, long changed, long removed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Model {Model} could not compute: {Reason}")]
    private partial void LogRefused(string model, string reason);

    private sealed record Group(IReadOnlyList<Metric> Metrics, IReadOnlyList<StreamId> Streams)
    {
        public DateOnly CompleteThrough { get; init; }
    }
}
