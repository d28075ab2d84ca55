using System.Text.Json;
using Dapper;
using Metrics.Core.Annotations;
using Metrics.Core.Periods;
using Metrics.Core.Series;

namespace Metrics.Core.Storage.Relational;

/// <summary>The annotations that were entered on the page or by programs.</summary>
internal sealed class SqlAnnotationStore(Database database) : IAnnotationStore
{
    private const string RowColumns =
        """
        id as Version, annotation, first_day as FirstDay, last_day as LastDay, kind, title, body, link, metrics, boards, segment, origin,
        set_by as SetBy, set_at as SetAt
        """;

    public Task<long?> AppendAsync(AnnotationChange change, long? after, CancellationToken cancellationToken)
    {
        var content = change.Content;
        var row = new
        {
            change.Id, firstDay = content is null ? null : Columns.Text(content.Days.Start),
            lastDay = content is null ? null : Columns.Text(content.Days.LastDay), kind = (content?.Kind ?? AnnotationKind.Other).Name(),
            title = content?.Title ?? "", body = content?.Text, link = content?.Link?.AbsoluteUri, metrics = Json(content?.Metrics),
            boards = Json(content?.Boards), segment = (content?.Segment ?? Segment.Total).Text, origin = change.Origin.Name(), change.By,
            at = Columns.Micros(change.At), after,
        };
        return database.WriteAsync(async transaction =>
        {
            var version = await transaction.Connection!.QuerySingleOrDefaultAsync<long?>(new CommandDefinition("""
                insert into annotation_change (
                    annotation, first_day, last_day, kind, title, body, link, metrics, boards, segment, origin, set_by, set_at)
                select @Id, @firstDay, @lastDay, @kind, @title, @body, @link, @metrics, @boards, @segment, @origin, @By, @at
                 where cast(@after as bigint) is null
                    or cast(@after as bigint) = coalesce((
                       select case when first_day is null then 0 else id end as version
                         from annotation_change
                        where annotation = @Id
                        order by id desc
                        limit 1), 0)
                returning id
                """, row, transaction, cancellationToken: cancellationToken));
            if (version is not null)
                await transaction.NoteChangeAsync(cancellationToken);
            return version;
        }, cancellationToken);
    }

    public Task<IReadOnlyList<AnnotationChange>> CurrentAsync(CancellationToken cancellationToken) => ReadAsync(
        $"""
        select {RowColumns}
          from annotation_change
         where first_day is not null and id in (select max(id) from annotation_change group by annotation)
         order by id
        """, new { }, cancellationToken);

    public Task<IReadOnlyList<AnnotationChange>> HistoryAsync(string id, CancellationToken cancellationToken) => ReadAsync(
        $"""
        select {RowColumns}
          from annotation_change
         where annotation = @id
         order by id desc
        """, new { id }, cancellationToken);

    public Task<IReadOnlyList<AnnotationChange>> NewestAsync(int most, CancellationToken cancellationToken) => ReadAsync(
        $"""
        select {RowColumns}
          from annotation_change
         order by id desc
         limit @most
        """, new { most }, cancellationToken);

    private async Task<IReadOnlyList<AnnotationChange>> ReadAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        return [.. rows.Select(Change)];
    }

    private static AnnotationChange Change(Row row) => new(
        row.Annotation, ContentOf(row), Enum.Parse<AnnotationOrigin>(row.Origin, ignoreCase: true), row.SetBy, Columns.Moment(row.SetAt))
    {
        Version = row.Version,
    };

    private static Annotation? ContentOf(Row row) => row is not { FirstDay: { } first, LastDay: { } last } ? null
        : new Annotation(row.Annotation, new Period(Columns.Day(first), Columns.Day(last).AddDays(1)), row.Title, AnnotationNames.TryParseKind(row.Kind)!.Value)
        {
            Text = row.Body,
            Link = row.Link is null ? null : new Uri(row.Link),
            Metrics = Names(row.Metrics),
            Boards = Names(row.Boards),
            Segment = Segment.Parse(row.Segment),
        };

    private static string Json(IReadOnlyList<string>? names) => JsonSerializer.Serialize(names ?? []);

    private static string[] Names(string json) => JsonSerializer.Deserialize<string[]>(json)!;

    private sealed record Row(
        long Version, string Annotation, string? FirstDay, string? LastDay, string Kind, string Title, string? Body, string? Link, string Metrics,
        string Boards, string Segment, string Origin, string SetBy, long SetAt);
}
