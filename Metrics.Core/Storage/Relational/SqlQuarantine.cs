using Dapper;
using Metrics.Core.Series;

namespace Metrics.Core.Storage.Relational;

/// <summary>The lines that a series server did not take.</summary>
internal sealed class SqlQuarantine(Database database) : IQuarantine
{
    public async Task<(IReadOnlyList<QuarantinedLine> Newest, long Count)> ReadAsync(int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var count = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select count(*) from quarantined_line", cancellationToken: cancellationToken));
        var rows = await connection.QueryAsync<(long At, string Metric, string Line, string Reason)>(new CommandDefinition(
            "select at, metric, line, reason from quarantined_line order by id desc limit @most", new { most = (long)most }, cancellationToken: cancellationToken));
        return ([.. rows.Select(row => new QuarantinedLine(Columns.Moment(row.At), row.Metric, row.Line, row.Reason))], count);
    }
}
