using Metrics.Core.Records;
using Metrics.Core.Series;

namespace Metrics.Core.Models;

/// <summary>The working of figures that are added up record by record: every record is a line with its day, its segment and its key.</summary>
/// <param name="more">Columns of the record's own, after the day.</param>
internal sealed class RecordLines(WorkingQuestion question, params IReadOnlyList<WorkingColumn> more)
{
    private readonly WorkingLines _lines = new(question,
    [
        new WorkingColumn("day", WorkingKind.Day),
        .. more,
        .. question.Metric.Dimensions.Except(more.Select(column => column.Name)).Select(dimension => new WorkingColumn(dimension, WorkingKind.Text)),
        .. RecordColumns,
    ]);

    /// <summary>The columns by which a record is found again in its source.</summary>
    public static IReadOnlyList<WorkingColumn> RecordColumns { get; } =
        [new WorkingColumn("stream", WorkingKind.Text), new WorkingColumn("record", WorkingKind.Text)];

    /// <summary>The cells of <see cref="RecordColumns"/>; the parts of a key of several columns stand beside each other.</summary>
    public static object?[] CellsOf(StoredRecord record) => [record.Stream.ToString(), KeyOf(record)];

    public static string KeyOf(StoredRecord record) => record.Key.Replace('\u001F', ' ');

    /// <param name="pointDay">The day of the point that the record belongs to: its own, or the first of its native period.</param>
    public void Add(StoredRecord record, DateOnly day, DateOnly pointDay, Segment segment, Segment series, decimal amount, params object?[] cells) =>
        _lines.Add(pointDay, series, amount, () =>
        [
            day,
            .. cells,
            .. question.Metric.Dimensions.Except(more.Select(column => column.Name)).Select(dimension => segment[dimension] ?? Segment.NoValue),
            .. CellsOf(record),
        ]);

    public ModelWorking Finish(string sentence) => _lines.Finish(sentence);
}
