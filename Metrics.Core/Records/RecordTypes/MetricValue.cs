using Metrics.Core.Series;

namespace Metrics.Core.Records.RecordTypes;

/// <summary>A value that the source has already aggregated.</summary>
public sealed record MetricValue(string Metric, RecordMoment At, decimal Value, Segment Segment)
{
    /// <summary>The field that names the metric; filled by the stream's <c>metrics:</c>, not by a column.</summary>
    public const string MetricField = "metric";

    public const string ValueField = "value";

    public static RecordType Type { get; } = new("metric_value",
        new RecordField(MetricField, FieldKind.Text, "The metric's id.") { Required = true },
        new RecordField(RecordType.TimeField, FieldKind.Moment, "The day, or a moment on it.") { Required = true },
        new RecordField(ValueField, FieldKind.Number, "The value.") { Required = true });

    public static MetricValue From(RecordBody body) =>
        new(body.Text(MetricField)!, body.Moment(RecordType.TimeField)!.Value, body.Number(ValueField)!.Value, body.Segment());
}
