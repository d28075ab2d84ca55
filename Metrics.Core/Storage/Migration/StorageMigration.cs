using System.Globalization;
using Metrics.Core.Connectors;
using Metrics.Core.Series;
using Metrics.Core.Storage.Influx;
using Metrics.Core.Storage.Relational;
using Metrics.Core.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Metrics.Core.Storage.Migration;

/// <summary>
/// Moves what one storage keeps into another one: points, everything else, or both. What the two have in common stays where it is.
/// </summary>
/// <remarks>
/// The source is only read. Everything is copied page by page and series by series, each read back and compared; so a move that was
/// interrupted goes on by comparing first, and copies only what is not there as it should be. The target is marked until the move is
/// finished, and a target that holds something without that mark is left alone.
/// </remarks>
public sealed class StorageMigration(StorageOptions source, StorageOptions target, TimeProvider clock)
{
    // Three years of days each: some ten thousand points at once, in a request and a transaction.
    private const int SeriesAtOnce = 20;

    private const string RestatementTable = "restatement";

    private static readonly string[] OwnTables = ["migration", "data_version", UnfinishedCopy.TableName];

    private readonly bool _movesPoints =
        source.Series != target.Series || (source.Series is null && source.DataFolder != target.DataFolder);

    private readonly bool _movesTables =
        source.Database != target.Database || (source.Database is null && source.DataFolder != target.DataFolder);

    /// <summary>Moves everything, or what an interrupted move left to do.</summary>
    /// <param name="locks">The work that may not go on meanwhile: sources, and what else writes.</param>
    /// <param name="progress">Told after every page and every few series.</param>
    /// <exception cref="MigrationRefusedException">
    /// The target holds something else, or cannot keep what there is, or gave back something else.
    /// </exception>
    /// <exception cref="InvalidOperationException">Somebody works on the source.</exception>
    public async Task<MigrationOutcome> RunAsync(
        IReadOnlyCollection<string> locks, IProgress<MigrationProgress> progress, CancellationToken cancellationToken)
    {
        RequireSource();
        using var from = new Side(source, clock);
        using var to = new Side(target, clock);
        if (_movesPoints)
        {
            await from.Series.ReadyAsync(cancellationToken);
            await to.Series.ReadyAsync(cancellationToken);
        }

        await using var held = await HeldLocks.TakeAsync(
            _movesTables ? [from.Locks, to.Locks] : [from.Locks], locks, cancellationToken);
        try
        {
            return await held.RunAsync(stop => RunAsync(from, to, progress, stop), cancellationToken);
        }
        catch (Exception cannot) when (cannot is CopyException or ArgumentException)
        {
            throw new MigrationRefusedException(cannot.Message, cannot);
        }
    }

    private async Task<MigrationOutcome> RunAsync(
        Side from, Side to, IProgress<MigrationProgress> progress, CancellationToken cancellationToken)
    {
        if (_movesTables && await new UnfinishedCopy(from.Database).FindAsync(cancellationToken) is { } half)
            throw new MigrationRefusedException($"{from.Database.Name} is itself not whole: a move {half} began and was not finished.");

        var tables = new TableCopy(from.Database, to.Database);
        var shapes = _movesTables ? await tables.TablesAsync(IsLeftOut, cancellationToken) : [];
        var mark = new UnfinishedCopy(to.Database);
        var resume = await mark.FindAsync(cancellationToken) is { } unfinished;
        if (!resume)
        {
            await RequireEmptyAsync(to, shapes, cancellationToken);
            await mark.BeginAsync(Words(from, to), cancellationToken);
        }
        else if (await mark.FindAsync(cancellationToken) is { } what && what != Words(from, to))
        {
            throw new MigrationRefusedException(
                $"{to.Database.Name} holds the remainder of another move, {what}. Finish that one, or empty the target, and try again.");
        }

        var rows = 0L;
        foreach (var table in shapes)
            rows += (await CopyAsync(from.Database, tables, table, resume, progress, cancellationToken)).Rows;
        var moved = _movesPoints ? await CopySeriesAsync(from.Series, to.Series, resume, progress, cancellationToken) : default;
        await mark.EndAsync(from.Database, cancellationToken);
        return new MigrationOutcome(
            Place(from), Place(to), shapes.Count, rows, moved.Series, moved.Points, moved.Restatements, resume);
    }

    private static async Task<RowSum> CopyAsync(
        Database from, TableCopy tables, Table table, bool resume, IProgress<MigrationProgress> progress,
        CancellationToken cancellationToken)
    {
        var total = await TableCopy.CountAsync(from, table, cancellationToken);
        return await tables.CopyAsync(
            table, resume, done => progress.Report(new MigrationProgress(table.Name, "rows", done, total)), cancellationToken);
    }

    private static async Task<(long Series, long Points, long Restatements)> CopySeriesAsync(
        ISeriesArchive from, ISeriesArchive to, bool resume, IProgress<MigrationProgress> progress, CancellationToken cancellationToken)
    {
        var (series, points, restatements) = (0L, 0L, 0L);
        var keys = await from.KeysAsync(cancellationToken);
        if ((await to.KeysAsync(cancellationToken)).Except(keys).FirstOrDefault() is { } stranger)
            throw new MigrationRefusedException($"{to.Name} holds the series {Name(stranger)}, which {from.Name} does not have.");

        foreach (var metric in keys.GroupBy(key => key.Metric))
        {
            var (done, total) = (0L, metric.LongCount());
            foreach (var some in metric.Chunk(SeriesAtOnce))
            {
                ArchivedSeries[] read = [.. (await from.ReadAsync(some, cancellationToken)).Select(one => one.Folded())];
                await PutAsync(from, to, read, resume, cancellationToken);
                series += read.Count(one => one.Points.Count > 0);
                points += read.Sum(one => one.Points.LongCount(point => point.Value is not null));
                restatements += read.Sum(one => (long)one.Changes.Count);
                done += some.Length;
                progress.Report(new MigrationProgress(metric.Key, "series", done, total));
            }
        }

        return (series, points, restatements);
    }

    /// <summary>Stores the series that are not there as they should be, and looks at what came of it.</summary>
    private static async Task PutAsync(
        ISeriesArchive from, ISeriesArchive to, IReadOnlyList<ArchivedSeries> given, bool resume, CancellationToken cancellationToken)
    {
        var missing = resume
            ? await DifferentAsync(to, given, cancellationToken)
            : [.. given.Select(one => (Given: one, (ArchivedSeries?)null))];
        if (missing.Count == 0)
            return;

        ArchivedSeries[] put = [.. missing.Select(pair => pair.Given)];
        await to.PutAsync(put, resume, cancellationToken);
        if (await DifferentAsync(to, put, cancellationToken) is [var (expected, stored), ..])
        {
            throw new MigrationRefusedException(
                $"The series {Name(expected.Key)} differs after copying: {from.Name} has {Text(expected)}, {to.Name} has {Text(stored!)}.");
        }
    }

    private static async Task<IReadOnlyList<(ArchivedSeries Given, ArchivedSeries? Stored)>> DifferentAsync(
        ISeriesArchive archive, IReadOnlyList<ArchivedSeries> given, CancellationToken cancellationToken)
    {
        var stored = await archive.ReadAsync([.. given.Select(one => one.Key)], cancellationToken);
        return
        [
            .. given.Zip(stored, (one, other) => (one, (ArchivedSeries?)other.Folded()))
                .Where(pair => pair.one.Points.Count != pair.Item2!.Points.Count || pair.one.Changes.Count != pair.Item2.Changes.Count
                    || pair.one.Digest() != pair.Item2.Digest()),
        ];
    }

    private void RequireSource()
    {
        foreach (var (moves, server, file) in ((bool, string?, string)[])
            [(_movesTables, source.Database, StorageServices.DatabaseFile), (_movesPoints, source.Series, StorageServices.SeriesFile)])
        {
            var path = Path.Combine(source.DataFolder, file);
            if (moves && server is null && !File.Exists(path))
            {
                throw new MigrationRefusedException(
                    $"There is nothing to move: {Path.GetFullPath(path)} is not there. Name the folder of the embedded files with --data.");
            }
        }
    }

    private async Task RequireEmptyAsync(Side to, IReadOnlyList<Table> shapes, CancellationToken cancellationToken)
    {
        foreach (var table in shapes)
        {
            var rows = await TableCopy.CountAsync(to.Database, table, cancellationToken);
            if (rows > 0)
            {
                throw new MigrationRefusedException(string.Create(CultureInfo.InvariantCulture,
                    $"{to.Database.Name} holds data already: {rows} rows in {table.Name}. ")
                    + "Move into an empty one, so that nothing is lost or mixed.");
            }
        }

        if (_movesPoints && await to.Series.KeysAsync(cancellationToken) is { Count: > 0 } keys)
        {
            throw new MigrationRefusedException(string.Create(CultureInfo.InvariantCulture,
                $"{to.Series.Name} holds series already, or restatements of them in {to.Database.Name}: {keys.Count}, ")
                + $"the first is {Name(keys[0])}. Move into an empty one, so that nothing is lost or mixed.");
        }
    }

    /// <summary>
    /// Tables of the scheduler, and what each database keeps for itself; restatements come with the points where these move.
    /// </summary>
    private bool IsLeftOut(string table) =>
        OwnTables.Contains(table) || table.StartsWith("qrtz_", StringComparison.OrdinalIgnoreCase)
        || (_movesPoints && table == RestatementTable);

    private string Words(Side from, Side to) => $"from {Place(from)} to {Place(to)}";

    private string Place(Side side) =>
        string.Join(
            " and ", [.. _movesPoints ? (string[])[side.Series.Name] : [], .. _movesTables ? (string[])[side.Database.Name] : []]);

    private static string Name(SeriesKey key) => $"{key.Metric} by {key.Grain.ToString().ToLowerInvariant()} ({key.Segment})";

    private static string Text(ArchivedSeries series) => string.Create(CultureInfo.InvariantCulture,
        $"{series.Points.Count(point => point.Value is not null)} points, {series.Changes.Count} restatements, checksum {series.Digest():x32}");

    /// <summary>The engines of a storage, opened where they are needed.</summary>
    private sealed class Side(StorageOptions options, TimeProvider clock) : IDisposable
    {
        private Database? _database;
        private IWorkLock? _locks;
        private SqlRestatementLog? _log;
        private ISeriesArchive? _series;

        public Database Database => _database ??= options.Database is { } address
            ? new PostgresDatabase(address, options.Patience, clock)
            : new SqliteDatabase(Path.GetFullPath(StorageServices.FileIn(options.DataFolder, StorageServices.DatabaseFile)));

        public IWorkLock Locks => _locks ??= Database is PostgresDatabase server
            ? new PostgresWorkLock(server, clock)
            : new FileWorkLock(options);

        public ISeriesArchive Series => _series ??= options.Series is { } server
            ? new InfluxSeriesArchive(Parse(server), _log = new SqlRestatementLog(Database, Locks), NullLogger.Instance, clock)
            : new SqliteSeriesArchive(Path.GetFullPath(StorageServices.FileIn(options.DataFolder, StorageServices.SeriesFile)));

        public void Dispose()
        {
            (_series as IDisposable)?.Dispose();
            _log?.Dispose();
            _database?.Dispose();
        }

        private static InfluxOptions Parse(string setting)
        {
            try
            {
                return InfluxOptions.Parse(setting);
            }
            catch (FormatException wrong)
            {
                throw new StorageSettingException(wrong.Message, wrong);
            }
        }
    }
}
