using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Metrics.Core.Connectors;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Storage.Relational;

/// <summary>The restatements of a series server, and the lines that it did not take.</summary>
internal sealed class SqlRestatementLog(Database database, IWorkLock locks) : IRestatementLog, IDisposable
{
    private const string ChangeColumns = "metric, grain, segment, day, at, sync, old_value, new_value, first_written";

    // A lock may cost a connection, so metrics share some; a write of many metrics then holds few.
    private const int Turns = 8;

    // Enough to spare most of the round trips to a server; the embedded engine looks parameters up one after the other.
    private const int RowsAtOnce = 50;

    private const int MostQuarantined = 1_000;

    // Inside the process nobody needs to look again and again whether it is their turn.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1, 1))];

    public async Task<HeldLock> TurnAsync(IReadOnlyCollection<string> metrics, CancellationToken cancellationToken)
    {
        var turn = new Turn();
        try
        {
            // In one order, so that no two writers wait for each other.
            foreach (var number in metrics.Select(TurnOf).Distinct().Order())
            {
                await _turns[number].WaitAsync(cancellationToken);
                turn.Add(_turns[number]);
                turn.Add(await locks.TakeAsync(string.Create(CultureInfo.InvariantCulture, $"series-{number}"), cancellationToken));
            }

            return turn;
        }
        catch
        {
            await turn.DisposeAsync();
            throw;
        }
    }

    public Task<IReadOnlyList<LoggedChange>> UpToAsync(SeriesQuery query, CancellationToken cancellationToken) =>
        ReadAsync(query, "at <= @moment", query.AsOf ?? DateTimeOffset.MaxValue, cancellationToken);

    public Task<IReadOnlyList<LoggedChange>> AfterAsync(SeriesQuery query, CancellationToken cancellationToken) =>
        ReadAsync(query, "at > @moment", query.AsOf ?? DateTimeOffset.MaxValue, cancellationToken);

    public async Task<IReadOnlyList<LoggedChange>> NewestAsync(
        string metric, Grain grain, string? cut, Period days, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await ChangesAsync(connection, $"""
            select {ChangeColumns}
              from (select {ChangeColumns}, row_number() over (partition by segment, day order by at desc) as place
                      from restatement
                     where metric = @metric and grain = @grain {(cut is null ? "" : "and cut = @cut")} and day >= @start and day < @end) newest
             where place = 1
            """,
            new { metric, grain = grain.Name(), cut, start = Columns.Text(days.Start), end = Columns.Text(days.End) }, cancellationToken);
    }

    public Task CommitAsync(
        IReadOnlyCollection<LoggedChange> corrected, IReadOnlyCollection<LoggedChange> added, CancellationToken cancellationToken) =>
        database.WriteAsync(async transaction =>
        {
            foreach (var (change, _) in corrected)
            {
                await transaction.ExecuteAsync(
                    Nullable.Equals(change.Old, change.New)
                        ? "delete from restatement where metric = @Metric and grain = @grain and segment = @segment and day = @day and at = @at"
                        : """
                          update restatement set new_value = @New
                           where metric = @Metric and grain = @grain and segment = @segment and day = @day and at = @at
                          """,
                    new
                    {
                        change.Key.Metric, grain = change.Key.Grain.Name(), segment = change.Key.Segment.Text, day = Columns.Text(change.Day),
                        at = Columns.Micros(change.At), change.New,
                    },
                    cancellationToken);
            }

            foreach (var some in added.Chunk(RowsAtOnce))
                await InsertAsync(transaction, some, cancellationToken);
        }, cancellationToken);

    public Task QuarantineAsync(IReadOnlyCollection<QuarantinedLine> lines, CancellationToken cancellationToken) =>
        database.WriteAsync(async transaction =>
        {
            foreach (var line in lines.TakeLast(MostQuarantined))
            {
                await transaction.ExecuteAsync("""
                    insert into quarantined_line (id, at, metric, line, reason)
                    values ((select coalesce(max(id), 0) + 1 from quarantined_line), @at, @Metric, @Line, @Reason)
                    """, new { at = Columns.Micros(line.At), line.Metric, line.Line, line.Reason }, cancellationToken);
            }

            await transaction.ExecuteAsync(
                "delete from quarantined_line where id <= (select max(id) from quarantined_line) - @most", new { most = MostQuarantined }, cancellationToken);
        }, cancellationToken);

    public async Task<IReadOnlyList<SeriesKey>> KeysAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Metric, string Grain, string Segment)>(new CommandDefinition(
            "select distinct metric, grain, segment from restatement", cancellationToken: cancellationToken));
        return [.. rows.Select(row => new SeriesKey(row.Metric, GrainNames.TryParse(row.Grain)!.Value, Segment.Parse(row.Segment)))];
    }

    public async Task<IReadOnlyList<LoggedChange>> OfAsync(SeriesKey key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await ChangesAsync(connection, $"""
            select {ChangeColumns}
              from restatement
             where metric = @Metric and grain = @grain and segment = @segment
             order by at, day
            """, new { key.Metric, grain = key.Grain.Name(), segment = key.Segment.Text }, cancellationToken);
    }

    public Task ForgetAsync(IReadOnlyCollection<SeriesKey> keys, CancellationToken cancellationToken) =>
        database.WriteAsync(async transaction =>
        {
            foreach (var key in keys)
            {
                await transaction.ExecuteAsync(
                    "delete from restatement where metric = @Metric and grain = @grain and segment = @segment",
                    new { key.Metric, grain = key.Grain.Name(), segment = key.Segment.Text }, cancellationToken);
            }
        }, cancellationToken);

    public void Dispose()
    {
        foreach (var turn in _turns)
            turn.Dispose();
    }

    // The same in every process, which the hash code of a text is not.
    private static int TurnOf(string metric) => SHA256.HashData(Encoding.UTF8.GetBytes(metric))[0] % Turns;

    private async Task<IReadOnlyList<LoggedChange>> ReadAsync(
        SeriesQuery query, string when, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var changes = await ChangesAsync(connection, $"""
            select {ChangeColumns}
              from restatement
             where {database.In("metric", "metrics")} and grain = @grain and cut = @cut and day >= @start and day < @end and {when}
             order by at, metric, segment, day
            """,
            new
            {
                metrics = query.Metrics.ToArray(), grain = query.Grain.Name(), cut = string.Join(',', query.Cut),
                start = Columns.Text(query.Days.Start), end = Columns.Text(query.Days.End), moment = Columns.Micros(moment),
            },
            cancellationToken);
        return query.Filter.Count == 0
            ? changes
            : [.. changes.Where(change => query.Filter.All(wanted => wanted.Value.Contains(change.Change.Key.Segment[wanted.Key] ?? "")))];
    }

    private static async Task<IReadOnlyList<LoggedChange>> ChangesAsync(
        DbConnection connection, string sql, object parameters, CancellationToken cancellationToken)
    {
        var rows = await connection.QueryAsync<(
            string Metric, string Grain, string Segment, string Day, long At, string Sync, double? Old, double? New, long First)>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        return
        [
            .. rows.Select(row => new LoggedChange(
                new Restatement(
                    new SeriesKey(row.Metric, GrainNames.TryParse(row.Grain)!.Value, Segment.Parse(row.Segment)), Columns.Day(row.Day),
                    row.Old, row.New, Columns.Moment(row.At), row.Sync),
                Columns.Moment(row.First))),
        ];
    }

    private static Task InsertAsync(DbTransaction transaction, LoggedChange[] changes, CancellationToken cancellationToken)
    {
        var (rows, values) = (new List<string>(), new DynamicParameters());
        foreach (var (change, first) in changes)
        {
            var i = rows.Count.ToString(CultureInfo.InvariantCulture);
            rows.Add($"(@m{i}, @g{i}, @c{i}, @s{i}, @d{i}, @a{i}, @y{i}, @o{i}, @n{i}, @f{i})");
            values.Add($"m{i}", change.Key.Metric);
            values.Add($"g{i}", change.Key.Grain.Name());
            values.Add($"c{i}", change.Key.Segment.Cut);
            values.Add($"s{i}", change.Key.Segment.Text);
            values.Add($"d{i}", Columns.Text(change.Day));
            values.Add($"a{i}", Columns.Micros(change.At));
            values.Add($"y{i}", change.Sync);
            values.Add($"o{i}", change.Old, System.Data.DbType.Double);
            values.Add($"n{i}", change.New, System.Data.DbType.Double);
            values.Add($"f{i}", Columns.Micros(first));
        }

        return transaction.ExecuteAsync($"""
            insert into restatement (metric, grain, cut, segment, day, at, sync, old_value, new_value, first_written)
            values {string.Join(", ", rows)}
            on conflict (metric, grain, segment, day, at) do update set new_value = excluded.new_value, sync = excluded.sync
            """, values, cancellationToken);
    }

    private sealed class Turn : HeldLock
    {
        private readonly Stack<object> _held = new();
        private readonly List<CancellationToken> _lost = [];
        private CancellationTokenSource? _anyLost;

        public override CancellationToken Lost => _lost.Count == 0
            ? CancellationToken.None
            : (_anyLost ??= CancellationTokenSource.CreateLinkedTokenSource([.. _lost])).Token;

        public void Add(SemaphoreSlim turn) => _held.Push(turn);

        public void Add(HeldLock held)
        {
            _held.Push(held);
            _lost.Add(held.Lost);
        }

        public override async ValueTask DisposeAsync()
        {
            while (_held.TryPop(out var held))
            {
                if (held is HeldLock other)
                    await other.DisposeAsync();
                else
                    ((SemaphoreSlim)held).Release();
            }

            _anyLost?.Dispose();
        }
    }
}
