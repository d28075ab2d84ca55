using System.Data.Common;
using Dapper;
using Metrics.Core.Push;

namespace Metrics.Core.Storage.Relational;

/// <summary>What was pushed and waits for a rule.</summary>
internal sealed class SqlPushInbox(Database database) : IPushInbox
{
    public Task KeepAsync(IReadOnlyCollection<InboxLine> lines, CancellationToken cancellationToken) =>
        database.WriteAsync(async transaction =>
        {
            // More than may wait would push out their own kind.
            foreach (var line in lines.Take(IPushInbox.MostLines))
            {
                await transaction.ExecuteAsync("""
                    insert into push_inbox (measurement, field, tags, day, at, value, first_seen_at, seen_at, token)
                    values (@Measurement, @Field, @Tags, @Day, @At, @Value, @Seen, @Seen, @Token)
                    on conflict (measurement, field, tags, day) do update
                    set at = excluded.at, value = excluded.value, seen_at = excluded.seen_at, token = excluded.token
                    """, Parameters(line), cancellationToken);
            }

            var lost = Math.Max(0, lines.Count - IPushInbox.MostLines) + await TrimAsync(transaction, cancellationToken);
            if (lost > 0)
                await NoteLossAsync(transaction, lost, lines.Max(line => line.Seen), cancellationToken);
        }, cancellationToken);

    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("select count(*) from push_inbox", cancellationToken: cancellationToken));
    }

    public async Task<IReadOnlyList<InboxGroup>> GroupsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var groups = await connection.QueryAsync<GroupRow>(new CommandDefinition("""
            select measurement, field, count(*) as Lines, min(first_seen_at) as FirstSeenAt, max(seen_at) as LastSeenAt
              from push_inbox
             group by measurement, field
             order by measurement, field
            """, cancellationToken: cancellationToken));
        var answer = new List<InboxGroup>();
        foreach (var group in groups)
        {
            var example = await connection.QueryFirstOrDefaultAsync<Row>(new CommandDefinition("""
                select measurement, field, tags, day, at, value, seen_at as SeenAt, token
                  from push_inbox
                 where measurement = @Measurement and field = @Field
                 order by seen_at desc, at desc, tags
                 limit 1
                """, new { group.Measurement, group.Field }, cancellationToken: cancellationToken));
            if (example is not null)
            {
                answer.Add(new InboxGroup(
                    group.Measurement, group.Field, group.Lines, Columns.Moment(group.FirstSeenAt), Columns.Moment(group.LastSeenAt), Line(example)));
            }
        }

        return answer;
    }

    public async Task<IReadOnlyList<InboxLine>> LinesAsync(string measurement, string field, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition("""
            select measurement, field, tags, day, at, value, seen_at as SeenAt, token
              from push_inbox
             where measurement = @measurement and field = @field
             order by tags, day
            """, new { measurement, field }, cancellationToken: cancellationToken));
        return [.. rows.Select(Line)];
    }

    public Task RemoveAsync(IReadOnlyCollection<InboxLine> lines, CancellationToken cancellationToken) =>
        database.WriteAsync(async transaction =>
        {
            foreach (var line in lines)
            {
                await transaction.ExecuteAsync("""
                    delete from push_inbox
                     where measurement = @Measurement and field = @Field and tags = @Tags and day = @Day and seen_at = @Seen
                    """, Parameters(line), cancellationToken);
            }
        }, cancellationToken);

    public async Task<InboxLoss?> LossAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var row = await connection.QueryFirstOrDefaultAsync<LossRow>(new CommandDefinition(
            "select lines, last_at as LastAt from push_inbox_loss", cancellationToken: cancellationToken));
        return row is null ? null : new InboxLoss(row.Lines, Columns.Moment(row.LastAt));
    }

    /// <summary>Lets those go that were seen longest ago, as many as are too many; says how many those are.</summary>
    private static async Task<long> TrimAsync(DbTransaction transaction, CancellationToken cancellationToken)
    {
        var count = await transaction.ScalarAsync<long>("select count(*) from push_inbox", null, cancellationToken);
        return count <= IPushInbox.MostLines ? 0 : await transaction.ExecuteAsync("""
            delete from push_inbox
             where (measurement, field, tags, day) in (
                   select measurement, field, tags, day from push_inbox order by seen_at, day, measurement, field, tags limit @excess)
            """, new { excess = count - IPushInbox.MostLines }, cancellationToken);
    }

    private static Task NoteLossAsync(DbTransaction transaction, long lines, DateTimeOffset at, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("""
            insert into push_inbox_loss (id, lines, last_at)
            values (1, @lines, @at)
            on conflict (id) do update set lines = push_inbox_loss.lines + excluded.lines, last_at = excluded.last_at
            """, new { lines, at = Columns.Micros(at) }, cancellationToken);

    private static object Parameters(InboxLine line) => new
    {
        line.Key.Measurement, line.Key.Field, line.Key.Tags, Day = Columns.Text(line.Day), At = Columns.Micros(line.At), line.Value,
        Seen = Columns.Micros(line.Seen), line.Token,
    };

    private static InboxLine Line(Row row) => new(
        new InboxKey(row.Measurement, row.Field, row.Tags), Columns.Day(row.Day), Columns.Moment(row.At), row.Value, Columns.Moment(row.SeenAt), row.Token);

    private sealed record Row(string Measurement, string Field, string Tags, string Day, long At, double Value, long SeenAt, string Token);

    // Without rows SQLite does not know the types of what it computes, which a constructor would need.
    private sealed class GroupRow
    {
        public string Measurement { get; init; } = "";

        public string Field { get; init; } = "";

        public long Lines { get; init; }

        public long FirstSeenAt { get; init; }

        public long LastSeenAt { get; init; }
    }

    private sealed record LossRow(long Lines, long LastAt);
}
