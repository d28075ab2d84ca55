using System.Globalization;
using Metrics.Core.Catalog;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Models;
using Metrics.Core.Models.Values;
using Metrics.Core.Records;
using Metrics.Core.Series;

namespace Ingestion.Worker.Pipeline;

/// <summary>A metric with the streams that feed it.</summary>
internal sealed record Feed(Metric Metric, IModel Model, IReadOnlyList<StreamId> Streams);

/// <summary>What metrics are fed by, how far that has come, and the note of it.</summary>
public sealed class ModelFeeds(ISourceStore sources, IWatermarkStore watermarks)
{
    /// <summary>The metrics of a model that streams of the workspace feed.</summary>
    internal static Feed[] Of(CompanyDefinition company, IModel model) =>
    [
        .. company.Catalog.Metrics
            .Where(metric => model is ValuesModel ? metric is { Model: null, Formula: null } : metric.Model?.StartsWith(model.Name + ".", StringComparison.Ordinal) == true)
            .Select(metric => new Feed(metric, model, [.. company.StreamsOf(metric, model).Select(stream => stream.Id)]))
            .Where(feed => feed.Streams.Count > 0),
    ];

    /// <summary>What of a metric's definition its points depend on.</summary>
    internal static string InputsOf(Metric metric) =>
        $"{metric.Id} {metric.Model} {metric.OverTime} {metric.OverSegments} {metric.NativeGrain} {string.Join(',', metric.Dimensions)} "
        + string.Join(',', metric.With.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    /// <summary>What of the calendar points depend on.</summary>
    internal static string InputsOf(CompanyDefinition company) => $"{company.Calendar.Settings with { Holidays = new HashSet<DateOnly>() }}";

    /// <summary>How far a stream has come, as text.</summary>
    internal static string InputsOf(StreamId stream, IReadOnlyDictionary<StreamId, DateOnly> through) =>
        $"{stream} {(through.TryGetValue(stream, out var day) ? day.ToString("O", CultureInfo.InvariantCulture) : "never")}";

    /// <summary>The first local day that each stream does not cover yet; those that were never read are missing.</summary>
    internal async Task<Dictionary<StreamId, DateOnly>> ThroughAsync(IEnumerable<StreamId> streams, CancellationToken cancellationToken)
    {
        var through = new Dictionary<StreamId, DateOnly>();
        foreach (var stream in streams)
        {
            if (await sources.CompleteThroughAsync(stream, cancellationToken) is { } day)
                through[stream] = day;
        }

        return through;
    }

    /// <summary>Notes how far some metrics have come.</summary>
    /// <param name="isNews">Whether one of their streams was read well. Otherwise those that say nothing new stay with the moment they are known from.</param>
    internal async Task ReachAsync(Watermark[] reached, bool isNews, CancellationToken cancellationToken)
    {
        if (!isNews)
        {
            var known = await watermarks.ReadAsync([.. reached.Select(watermark => watermark.Metric)], null, cancellationToken);
            reached =
            [
                .. reached.Where(watermark => !known.TryGetValue(watermark.Metric, out var before)
                    || (before.Newest.DataFrom, before.Newest.CompleteThrough) != (watermark.DataFrom, watermark.CompleteThrough)),
            ];
        }

        await watermarks.AdvanceAsync(reached, cancellationToken);
    }

    /// <summary>Nothing changed in what the sources say; it is still known as of a later moment.</summary>
    internal async Task FreshenAsync(IEnumerable<string> metrics, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var known = await watermarks.ReadAsync([.. metrics], null, cancellationToken);
        await watermarks.AdvanceAsync([.. known.Values.Select(progress => progress.Newest with { At = at })], cancellationToken);
    }
}
