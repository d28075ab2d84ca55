using Dapper;
using Metrics.Core.Periods;
using Metrics.Core.Series;
using Metrics.Core.Signals;

namespace Metrics.Core.Storage.Relational;

/// <summary>What people decided about the limits of series.</summary>
internal sealed class SqlBaselineStore(Database database) : IBaselineStore
{
    private const string Selected = """
        metric, grain, segment, kind, from_period as FromPeriod, to_period as ToPeriod, method, reason, set_by as SetBy, set_at as SetAt
        """;

    public Task AppendAsync(BaselineChange change, CancellationToken cancellationToken)
    {
        var row = new
        {
            change.Metric, grain = change.Grain.Name(), segment = change.Segment.Text, kind = NameOf(change.Kind), change.From, change.To,
            method = change.Method == LimitMethod.Median ? "median" : "mean", change.Reason, change.By, at = Columns.Micros(change.At),
        };
        return database.WriteAsync(async transaction =>
        {
            await transaction.ExecuteAsync("""
                insert into baseline_change (metric, grain, segment, kind, from_period, to_period, method, reason, set_by, set_at)
                values (@Metric, @grain, @segment, @kind, @From, @To, @method, @Reason, @By, @at)
                """, row, cancellationToken);
            await transaction.NoteChangeAsync(cancellationToken);
        }, cancellationToken);
    }

    public Task<IReadOnlyList<BaselineChange>> AllAsync(CancellationToken cancellationToken) =>
        ReadAsync($"select {Selected} from baseline_change order by id", new { }, cancellationToken);

    public Task<IReadOnlyList<BaselineChange>> HistoryAsync(string metric, CancellationToken cancellationToken) =>
        ReadAsync($"select {Selected} from baseline_change where metric = @metric order by id desc", new { metric }, cancellationToken);

    private async Task<IReadOnlyList<BaselineChange>> ReadAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(Change)];
    }

    private static BaselineChange Change(Row row) => new(
        row.Metric, GrainNames.TryParse(row.Grain)!.Value, Segment.Parse(row.Segment), KindOf(row.Kind), row.FromPeriod, row.ToPeriod,
        row.Method == "median" ? LimitMethod.Median : LimitMethod.Mean, row.Reason, row.SetBy, Columns.Moment(row.SetAt));

    private static string NameOf(BaselineKind kind) => kind switch
    {
        BaselineKind.PhaseStart => "phase",
        BaselineKind.Locked => "locked",
        _ => "default",
    };

    private static BaselineKind KindOf(string name) => name switch
    {
        "phase" => BaselineKind.PhaseStart,
        "locked" => BaselineKind.Locked,
        _ => BaselineKind.Default,
    };

    private sealed record Row(
        string Metric, string Grain, string Segment, string Kind, string? FromPeriod, string? ToPeriod, string Method, string Reason, string SetBy,
        long SetAt);
}
