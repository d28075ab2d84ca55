using System.Text.Json;
using Metrics.Core.Definitions;
using Metrics.Core.Models;
using Metrics.Core.Models.Activities;
using Metrics.Core.Records;
using Metrics.Core.Records.RecordTypes;
using Metrics.Core.Series;
using Microsoft.Extensions.Logging;

namespace Ingestion.Worker.Pipeline;

/// <summary>
/// Computes the metrics of users' activity, of all their models together: from the records that changed since the last time, or, where
/// nothing is remembered of it, from all.
/// </summary>
public sealed partial class ActivityPipeline(
    IEnumerable<IModel> models, IRecordStore records, ISeriesStore series, IModelStateStore state, IModelMemory memory, ModelFeeds feeds,
    ILogger<ActivityPipeline> log)
{
    /// <summary>The name under which the models run and are remembered.</summary>
    public const string Name = "activity";

    private readonly IActivityModel[] _models = [.. models.OfType<IActivityModel>()];

    internal async Task<ModelRun?> RunAsync(
        CompanyDefinition company, WriteStamp stamp, IReadOnlySet<StreamId> readWell, CancellationToken cancellationToken)
    {
        Feed[] all = [.. _models.SelectMany(model => ModelFeeds.Of(company, model))];
        StreamId[] streams = [.. all.SelectMany(feed => feed.Streams).Distinct().OrderBy(stream => stream.ToString(), StringComparer.Ordinal)];
        var through = await feeds.ThroughAsync(streams, cancellationToken);
        Feed[] fed = [.. all.Where(feed => feed.Streams.All(through.ContainsKey))];
        if (fed.Length == 0)
            return null;

        streams = [.. streams.Where(stream => fed.Any(feed => feed.Streams.Contains(stream)))];
        var newest = await records.NewestVersionAsync(streams, cancellationToken);
        var definition = string.Join('\n',
        [
            .. streams.Select(stream => stream.ToString()), .. fed.Select(feed => ModelFeeds.InputsOf(feed.Metric)), ModelFeeds.InputsOf(company),
        ]);
        var inputs = string.Join('\n', [definition, $"version {newest}", .. streams.Select(stream => ModelFeeds.InputsOf(stream, through))]);
        var last = await state.InputsAsync(Name, cancellationToken);
        if (last == inputs)
        {
            var read = fed.Where(feed => feed.Streams.Any(readWell.Contains)).Select(feed => feed.Metric.Id);
            await feeds.FreshenAsync(read, stamp.At, cancellationToken);
            return new ModelRun(Name, null, null);
        }

        var now = new Remembered(
            definition, newest, await records.VersionMarkAsync(newest, cancellationToken), inputs,
            fed.ToDictionary(feed => feed.Metric.Id, feed => feed.Streams.Min(stream => through[stream])));
        try
        {
            return await ComputeAsync(company, fed, streams, through, now, last, stamp, readWell, cancellationToken);
        }
        catch (ModelException refused)
        {
            LogRefused(refused.Message);
            await state.SetFaultAsync(Name, refused.Message, cancellationToken);
            return new ModelRun(Name, null, refused.Message);
        }
    }

    private async Task<ModelRun> ComputeAsync(
        CompanyDefinition company, Feed[] fed, StreamId[] streams, Dictionary<StreamId, DateOnly> through, Remembered now, string? last,
        WriteStamp stamp, IReadOnlySet<StreamId> readWell, CancellationToken cancellationToken)
    {
        var signups = company.Sources.SelectMany(source => source.Streams)
            .Where(stream => stream.Mapping.Type == Signup.Type).Select(stream => stream.Id).ToHashSet();
        var (computation, before) = await RememberAsync(company, fed, now, last, cancellationToken);
        if (before is null)
        {
            await foreach (var record in records.ReadAsync(streams, cancellationToken))
                computation.Add(record.Body, signups.Contains(record.Stream));
        }
        else
        {
            await foreach (var change in records.ChangesAsync(streams, before.Version, cancellationToken))
                computation.Change(change.Before, change.After, signups.Contains(change.Stream));
        }

        var (activity, signup) = (Horizon(stream => !signups.Contains(stream)), Horizon(signups.Contains));
        computation.Count(activity, signup, cancellationToken);

        var outcome = WriteOutcome.Nothing;
        foreach (var output in computation.Outputs(metric => now.Through[metric.Id], metric => before!.Through[metric.Id]))
            outcome += await series.ReplaceAsync(output.Metric, output.Grain, output.Within, [.. output.Series], stamp, cancellationToken);

        await state.SetWarningsAsync(Name, Warnings(computation, company, fed, stamp, streams.Any(signups.Contains)), cancellationToken);
        foreach (var group in fed.GroupBy(feed => feed.Streams.Any(readWell.Contains)))
            await feeds.ReachAsync(Reached(computation, group, now, signups, stamp), group.Key, cancellationToken);
        await state.SetInputsAsync(Name, now.Inputs, cancellationToken);
        Remember(computation, now, activity, signup);
        LogRun(before is null ? "in full" : "what changed", computation.Users, outcome.New, outcome.Changed, outcome.Removed);
        return new ModelRun(Name, outcome, null);

        // Where there are no streams of a kind there is nothing that could lie beyond what is known.
        DateOnly Horizon(Func<StreamId, bool> isOfKind) =>
            streams.Where(isOfKind).Select(stream => through[stream]).DefaultIfEmpty(streams.Max(stream => through[stream])).Min();
    }

    private static Watermark[] Reached(
        ActivityComputation computation, IEnumerable<Feed> fed, Remembered now, HashSet<StreamId> signups, WriteStamp stamp)
    {
        var from = fed.Select(feed => feed.Streams.All(signups.Contains)).Distinct()
            .ToDictionary(onlySignups => onlySignups, onlySignups => computation.DataFrom(activity: !onlySignups, signups: onlySignups));
        return
        [
            .. fed
                .Select(feed => (feed.Metric, From: from[feed.Streams.All(signups.Contains)], Through: computation.CompleteThrough(feed.Metric, now.Through[feed.Metric.Id])))
                .Where(reached => reached.From < reached.Through)
                .Select(reached => new Watermark(reached.Metric.Id, reached.From!.Value, reached.Through, stamp.At)),
        ];
    }

    private static DataWarning[] Warnings(
        ActivityComputation computation, CompanyDefinition company, Feed[] fed, WriteStamp stamp, bool hasSignups)
    {
        var metrics = fed.Select(feed => feed.Metric.Id).Order(StringComparer.Ordinal).ToArray();
        return [.. computation.Warnings(company.Calendar.DayOf(stamp.At), hasSignups).Select(warning => warning with { Metrics = metrics })];
    }

    /// <summary>A computation with what is remembered, where that is what the last complete run left behind.</summary>
    private async Task<(ActivityComputation Computation, Remembered? Before)> RememberAsync(
        CompanyDefinition company, Feed[] fed, Remembered now, string? last, CancellationToken cancellationToken)
    {
        var computation = New();
        await using var file = memory.Open(Name);
        if (file is null || last is null)
            return (computation, null);

        try
        {
            using var reader = new BinaryReader(file, System.Text.Encoding.UTF8, leaveOpen: true);
            if (JsonSerializer.Deserialize<Remembered>(reader.ReadString()) is { } before
                && before.Definition == now.Definition && before.Inputs == last && before.Version <= now.Version
                && before.Through.All(reached => now.Through.TryGetValue(reached.Key, out var day) && day >= reached.Value)
                && before.Mark == await records.VersionMarkAsync(before.Version, cancellationToken)
                && await HasPointsAsync(fed, cancellationToken)
                && computation.TryLoad(file))
                return (computation, before);
        }
        catch (Exception spoilt) when (spoilt is IOException or JsonException or FormatException or OverflowException or ArgumentException)
        {
            LogForgot(spoilt.Message);
        }

        return (New(), null);

        ActivityComputation New() => new(company.Calendar, fed.Select(feed => (feed.Metric, (IActivityModel)feed.Model)));
    }

    /// <summary>
    /// Whether the store has what was computed before: an empty one, new or of another server, would be given what changed alone.
    /// </summary>
    private async Task<bool> HasPointsAsync(Feed[] fed, CancellationToken cancellationToken)
    {
        foreach (var feed in fed)
        {
            if (await series.ExtentAsync(feed.Metric.Id, feed.Metric.NativeGrain, cancellationToken) is not null)
                return true;
        }

        return false;
    }

    private void Remember(ActivityComputation computation, Remembered now, DateOnly activity, DateOnly signup)
    {
        try
        {
            memory.Save(Name, stream =>
            {
                using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
                    writer.Write(JsonSerializer.Serialize(now));
                computation.Save(stream, activity, signup);
            });
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            LogForgot(full.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Activity of {Users} users, {How}: {New} new points, {Changed} changed, {Removed} removed")]
    private partial void LogRun(string how, int users, long @new, long changed, long removed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Activity could not be computed: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was remembered of activity cannot be used, and everything is computed again: {Reason}")]
    private partial void LogForgot(string reason);

    /// <summary>What a memory belongs to; it is used only where all of it still holds.</summary>
    /// <param name="Definition">The metrics, streams and calendar.</param>
    /// <param name="Version">The newest version of the records that it has seen.</param>
    /// <param name="Mark">By what that version is known again.</param>
    /// <param name="Inputs">The inputs of the run that left it.</param>
    /// <param name="Through">How far each metric had come.</param>
    private sealed record Remembered(string Definition, long Version, string? Mark, string Inputs, Dictionary<string, DateOnly> Through);
}
