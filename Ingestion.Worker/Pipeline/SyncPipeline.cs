using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using Metrics.Core.Connectors;
using Metrics.Core.Definitions;
using Metrics.Core.Records;
using Microsoft.Extensions.Logging;

namespace Ingestion.Worker.Pipeline;

/// <summary>How far a sync has come with a stream.</summary>
/// <param name="Done">0 to 1, or null where nobody knows.</param>
public sealed record SyncProgress(StreamId Stream, long Rows, double? Done);

/// <summary>Brings one source up to date: read, map, append with the checkpoint. Models run afterwards, from stored records.</summary>
public sealed partial class SyncPipeline(
    IEnumerable<IConnector> connectors, IRecordStore records, ISourceStore sources, TimeProvider clock, ILogger<SyncPipeline> log)
{
    /// <summary>
    /// Syncs the streams of a source one after the other; a stream that cannot be read does not keep the others from being read.
    /// </summary>
    /// <param name="full">Reads everything again, whatever was read before.</param>
    /// <returns>The run as it was stored; it has failed when a stream has.</returns>
    public async Task<SyncRun> RunAsync(CompanyDefinition company, Source source, bool full, IProgress<SyncProgress>? progress, CancellationToken cancellationToken)
    {
        var connector = connectors.Single(candidate => candidate.Id == source.Connector);
        var started = clock.GetUtcNow();
        var id = await sources.BeginAsync(source.Id, started, cancellationToken);
        var streams = new List<StreamRun>();
        foreach (var stream in source.Streams)
            streams.Add(await RunStreamAsync(company, connector, stream, id, started, full, progress, cancellationToken));

        var errors = streams.Where(stream => stream.Error is not null).Select(stream => $"{stream.Stream}: {stream.Error}").ToArray();
        var rejected = streams.Sum(stream => stream.Rejected);
        var run = new SyncRun(
            id, source.Id, started, clock.GetUtcNow(),
            errors.Length > 0 ? SyncOutcome.Failed : rejected > 0 ? SyncOutcome.SucceededWithRejects : SyncOutcome.Succeeded,
            errors.Length > 0 ? string.Join(" ", errors) : null,
            streams);
        await sources.FinishAsync(run, cancellationToken);
        LogRun(source.Id, run.Outcome, streams.Sum(stream => stream.Read), streams.Sum(stream => stream.New), rejected);
        return run;
    }

    private async Task<StreamRun> RunStreamAsync(
        CompanyDefinition company, IConnector connector, SourceStream stream, long sync, DateTimeOffset started, bool full,
        IProgress<SyncProgress>? progress, CancellationToken cancellationToken)
    {
        var counts = new Counts();
        string? error = null;
        var temporary = false;
        try
        {
            await ReadAsync(company, connector, stream, sync, started, full, counts, progress, cancellationToken);
        }
        catch (ConnectorException no)
        {
            (error, temporary) = (no.Message, !no.IsPermanent);
        }
        catch (MappingException missing)
        {
            error = $"{missing.Message} What was read before is kept; mend the file or the mapping and sync again.";
        }

        var through = await CompleteThroughAsync(company, stream, started, counts.NewestDay, cancellationToken);
        return new StreamRun(stream.Name, counts.Read, counts.New, counts.Changed, counts.Vanished, counts.Rejected, error is null ? through : null, error, temporary);
    }

    private async Task ReadAsync(
        CompanyDefinition company, IConnector connector, SourceStream stream, long sync, DateTimeOffset started, bool full, Counts counts,
        IProgress<SyncProgress>? progress, CancellationToken cancellationToken)
    {
        var stored = await records.CheckpointAsync(stream.Id, cancellationToken) is { } text ? JsonSerializer.Deserialize<Checkpoint>(text) : null;
        var resume = full || stored?.Definition != stream.Fingerprint ? null : stored;
        var begin = resume is { Complete: false } cutShort ? cutShort.Begin : await records.NextMarkAsync(stream.Id, cancellationToken);
        if (resume is { Complete: false } before)
            counts.GoOn(before.Seen, before.NewestDay);
        using var mapping = new PageMapper(stream, company.Calendar, company.Calendar.DayOf(started));
        var hadRecords = await records.CountAsync(stream.Id, cancellationToken) > 0;

        // Reading and mapping run ahead of storing by a few pages, on the other core.
        var ahead = Channel.CreateBounded<(SourcePage Page, MappedPage Mapped)>(2);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(async () =>
        {
            try
            {
                await foreach (var page in connector.ReadAsync(company.Folder, stream, resume?.Connector, stop.Token))
                    await ahead.Writer.WriteAsync((page with { Rows = [] }, mapping.Map(page)), stop.Token);
                ahead.Writer.Complete();
            }
            catch (Exception fault)
            {
                ahead.Writer.Complete(fault);
            }
        }, CancellationToken.None);

        try
        {
            await foreach (var (page, mapped) in ahead.Reader.ReadAllAsync(cancellationToken))
            {
                // A read that starts anew, because files changed under it, starts with a mark of its own:
                // under the old one the rows of the earlier files would count as seen.
                if (page.BeginsRead)
                {
                    begin = await records.NextMarkAsync(stream.Id, cancellationToken);
                    counts.StartAnew();
                }

                var mark = new ReadMark(begin, begin + page.PartNumber);
                counts.Meet(mapped);
                var checkpoint = JsonSerializer.Serialize(new Checkpoint(
                    stream.Fingerprint, begin, page.Checkpoint, page.CompletesFullRead, counts.NewestDay, counts.Seen));
                if (page.CompletesFullRead)
                {
                    if (counts.Seen.IsNothing && hadRecords && !full)
                        throw NothingLeft(page.Part, counts.Seen.Rows);
                    counts.Vanished = await records.CompleteReadAsync(stream.Id, mark, checkpoint, started, sync, cancellationToken);
                }
                else
                {
                    // Records and checkpoint in one transaction: after a crash the page is read again,
                    // and storing a page twice leaves the store as storing it once.
                    var outcome = await records.AppendAsync(stream.Id, mark, mapped.Records, mapped.Rejects, checkpoint, started, sync, cancellationToken);
                    counts.Store(mapped, outcome);
                }

                progress?.Report(new SyncProgress(stream.Id, counts.Read, page.Progress));
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    /// <summary>A source that had records and has none now is more likely a broken export than a company without customers.</summary>
    private static ConnectorException NothingLeft(string part, long rows) => new(
        $"{part} has {(rows == 0 ? "no rows" : "no row that could be taken")}, and records were read from it before. What was read is kept; if the source really is empty now, sync with --full.",
        isPermanent: rows > 0);

    private async Task<DateOnly?> CompleteThroughAsync(CompanyDefinition company, SourceStream stream, DateTimeOffset started, DateOnly? newest, CancellationToken cancellationToken)
    {
        if (stream.CompleteThrough == CompleteThrough.Read)
            return company.Calendar.DayOf(started);

        var before = await sources.CompleteThroughAsync(stream.Id, cancellationToken);
        var now = newest?.AddDays(1);
        return now is null || before > now ? before : now;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Synced {Source}: {Outcome}, {Read} rows, {New} new, {Rejected} rejected")]
    private partial void LogRun(string source, SyncOutcome outcome, long read, long @new, long rejected);

    private sealed class Counts
    {
        /// <summary>Rows that this sync read.</summary>
        public long Read { get; private set; }

        /// <summary>What the whole read saw, of which an interrupted sync may have stored the first pages.</summary>
        public Seen Seen { get; private set; } = Seen.Nothing;

        public long New { get; private set; }

        public long Changed { get; private set; }

        public long Rejected { get; private set; }

        public long Vanished { get; set; }

        public DateOnly? NewestDay { get; private set; }

        public void GoOn(Seen seen, DateOnly? newest) => (Seen, NewestDay) = (seen, newest);

        public void StartAnew() => (Read, Rejected, Seen, NewestDay) = (0, 0, Seen.Nothing, null);

        public void Meet(MappedPage mapped)
        {
            Read += mapped.Read;
            Seen += new Seen(mapped.Read, mapped.Records.Count, mapped.Rejects.Count);
            if (mapped.NewestDay is { } day && (NewestDay is null || day > NewestDay))
                NewestDay = day;
        }

        public void Store(MappedPage mapped, AppendOutcome outcome)
        {
            New += outcome.New;
            Changed += outcome.Changed;
            Rejected += mapped.Rejects.Count + outcome.Conflicts.Count;
        }
    }

    /// <summary>What is stored with each page.</summary>
    /// <param name="Definition">The stream's fingerprint; under another definition the rows mean something else, and reading starts anew.</param>
    /// <param name="Begin">The mark of the read that the page belongs to.</param>
    /// <param name="Connector">The connector's own checkpoint.</param>
    /// <param name="Complete">Whether that read saw everything.</param>
    private sealed record Checkpoint(string Definition, long Begin, string Connector, bool Complete, DateOnly? NewestDay, Seen Seen);

    /// <summary>What a read has met so far.</summary>
    private sealed record Seen(long Rows, long Records, long Rejects)
    {
        public static Seen Nothing { get; } = new(0, 0, 0);

        /// <summary>No row at all, or none that could be taken; rows that a mapping leaves out on purpose are something.</summary>
        [JsonIgnore]
        public bool IsNothing => Rows == 0 || (Records == 0 && Rejects > 0);

        public static Seen operator +(Seen a, Seen b) => new(a.Rows + b.Rows, a.Records + b.Records, a.Rejects + b.Rejects);
    }
}
