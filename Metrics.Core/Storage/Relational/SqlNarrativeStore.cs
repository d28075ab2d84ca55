using Dapper;
using Metrics.Core.Narratives;

namespace Metrics.Core.Storage.Relational;

/// <summary>What is said and decided in reviews.</summary>
internal sealed class SqlNarrativeStore(Database database) : INarrativeStore
{
    private const string Open = "open";
    private const string Done = "done";

    public Task AppendAsync(CommentEntry entry, CancellationToken cancellationToken)
    {
        var row = new
        {
            entry.Board, entry.Period, entry.Finding, stance = entry.Stance?.ToString().ToLowerInvariant(), entry.Text, entry.By,
            at = Columns.Micros(entry.At),
        };
        return database.WriteAsync(async transaction =>
        {
            await transaction.ExecuteAsync("""
                insert into finding_comment (board, period, finding, stance, body, said_by, said_at)
                values (@Board, @Period, @Finding, @stance, @Text, @By, @at)
                """, row, cancellationToken);
            await transaction.NoteChangeAsync(cancellationToken);
        }, cancellationToken);
    }

    public Task AppendAsync(DecisionEntry entry, CancellationToken cancellationToken)
    {
        var row = new
        {
            entry.Decision, entry.Board, entry.Period, entry.Text, entry.Responsible, due = entry.Due is { } due ? Columns.Text(due) : null,
            state = entry.IsDone is { } done ? done ? Done : Open : null, entry.By, at = Columns.Micros(entry.At),
        };
        return database.WriteAsync(async transaction =>
        {
            await transaction.ExecuteAsync("""
                insert into review_decision (decision, board, period, body, responsible, due, state, said_by, said_at)
                values (@Decision, @Board, @Period, @Text, @Responsible, @due, @state, @By, @at)
                """, row, cancellationToken);
            await transaction.NoteChangeAsync(cancellationToken);
        }, cancellationToken);
    }

    public async Task<IReadOnlyList<CommentEntry>> CommentsAsync(string board, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<CommentRow>(new CommandDefinition("""
            select id, period, finding, stance, body, said_by as SaidBy, said_at as SaidAt
              from finding_comment
             where board = @board
             order by id
            """, new { board }, cancellationToken: cancellationToken));
        return
        [
            .. rows.Select(row => new CommentEntry(
                board, row.Period, row.Finding, row.Stance is null ? null : Enum.Parse<Stance>(row.Stance, ignoreCase: true), row.Body, row.SaidBy,
                Columns.Moment(row.SaidAt)) { Number = row.Id }),
        ];
    }

    public async Task<IReadOnlyList<DecisionEntry>> DecisionsAsync(string board, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<DecisionRow>(new CommandDefinition("""
            select id, decision, period, body, responsible, due, state, said_by as SaidBy, said_at as SaidAt
              from review_decision
             where board = @board
             order by id
            """, new { board }, cancellationToken: cancellationToken));
        return
        [
            .. rows.Select(row => new DecisionEntry(
                row.Decision, board, row.Period, row.Body, row.Responsible, row.Due is null ? null : Columns.Day(row.Due),
                row.State is null ? null : row.State == Done, row.SaidBy, Columns.Moment(row.SaidAt)) { Number = row.Id }),
        ];
    }

    private sealed record CommentRow(long Id, string Period, string Finding, string? Stance, string Body, string SaidBy, long SaidAt);

    private sealed record DecisionRow(
        long Id, string Decision, string Period, string Body, string? Responsible, string? Due, string? State, string SaidBy, long SaidAt);
}
